import { existsSync, readFileSync } from "node:fs";
import type { StepEnd } from "../../../src/flows/work.ts";
import { until } from "../../rig/until.ts";
import type { StepRig } from "./rig.ts";

/** The pids that a command has written down, one a line. */
export function pidsIn(rig: StepRig, name = "pids"): readonly number[] {
  const path = `${rig.folder}/${name}`;
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number) : [];
}

/** What was kept of a stream. */
export function textIn(end: StepEnd, stream: string): string {
  const text = end.end === "done" ? end.output[stream] : null;
  if (typeof text !== "string") throw new Error(JSON.stringify(end));
  return text;
}

/** A command with a child in the background, a child in a session of its own, and itself, all of which write down their pids. */
export const family =
  "echo $$ > all; sleep 300 & echo $! >> all; setsid sh -c 'echo $$ >> all; mv all pids; exec sleep 300'; wait";

/** Waits until they are all there. */
export async function hasFamily(rig: StepRig): Promise<readonly number[]> {
  await until(() => pidsIn(rig).length === 3, "the command's processes");
  return pidsIn(rig);
}
