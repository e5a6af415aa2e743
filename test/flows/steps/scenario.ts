import { test } from "vitest";
import { StepRig } from "./rig.ts";

/** Tests, several at a time, each with as many projects as it asks for; at its end nothing of these is left. */
export const scenario = test.extend("newRig", async ({ task: _task }, { onCleanup }) => {
  const rigs: StepRig[] = [];
  onCleanup(async () => {
    await Promise.all(rigs.map((rig) => rig.dispose()));
  });
  return async (config: object = {}, agent: object = {}): Promise<StepRig> => {
    const rig = await StepRig.create(config, agent);
    rigs.push(rig);
    return rig;
  };
}).concurrent;
