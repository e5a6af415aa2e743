import { test } from "vitest";
import { Rig } from "./rig.ts";

/** Tests, several at a time, with as many projects as they ask for; at their end nothing of these is left. */
export const scenario = test.extend("newRig", async ({ task: _task }, { onCleanup }) => {
  const rigs: Rig[] = [];
  onCleanup(async () => {
    await Promise.all(rigs.map((rig) => rig.dispose()));
  });
  return async (config: object = {}, agent: object = {}): Promise<Rig> => {
    const rig = await Rig.create(config, agent);
    rigs.push(rig);
    return rig;
  };
}).concurrent;
