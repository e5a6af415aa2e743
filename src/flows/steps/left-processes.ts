import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { thisProcess } from "../../run/stored/process-identity.ts";
import { endListed, endTree } from "../../local/process-tree.ts";
import type { CommandRecord } from "./command-record.ts";
import { GRACE_MS } from "./started-command.ts";

/** In the environment of everything that a step's command starts: where its record is, and which execution it is. */
export const COMMAND_MARKER = "DELEGATE_FLOW_COMMAND";

let begun = 0;

/** What marks the processes of one execution: a variable's name and value. */
export function nextMarker(recordPath: string): { readonly name: string; readonly value: string } {
  begun += 1;
  const { pid, startTicks } = thisProcess();
  // By its pid alone another process, or a thread of one, could be taken for the worker.
  const worker = startTicks === null ? `${pid}` : `${pid}@${startTicks}`;
  return { name: COMMAND_MARKER, value: `${recordPath}:${worker}.${begun}` };
}

/** Ends what a worker that is gone has left running of a step. */
export async function endLeftProcesses(record: CommandRecord): Promise<void> {
  if (process.platform === "linux") await endMarked(`${COMMAND_MARKER}=${record.path}:`);
  else await endNotedGroup(record);
}

/** Of another execution of the same step; one of the same id in another project has its record elsewhere. */
function endMarked(beginning: string): Promise<void> {
  return endListed(
    (candidate) => candidate.readEnvironment().some((variable) => variable.startsWith(beginning)),
    GRACE_MS,
  );
}

/** How far apart the start of a process and the note of it may be. */
const NOTED_WITHIN_MS = 10_000;

/** Where environments can't be read: the group that was noted, if its leader is still the process that it was then. */
export async function endNotedGroup(record: CommandRecord): Promise<void> {
  const noted = record.readGroup();
  if (noted === null) return;
  const startedAtMs = await readStart(noted.groupId);
  if (startedAtMs === null || Math.abs(startedAtMs - noted.notedAtMs) > NOTED_WITHIN_MS) return;
  await endTree({ groupId: noted.groupId, marker: null }, GRACE_MS);
}

async function readStart(pid: number): Promise<number | null> {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", `${pid}`], { env });
    const startedAtMs = Date.parse(stdout.trim());
    return Number.isNaN(startedAtMs) ? null : startedAtMs;
  } catch {
    return null;
  }
}
