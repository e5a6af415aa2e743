import { existsSync, readdirSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { isProcessAlive } from "../../system/process-life.ts";
import { endListed, listProcesses } from "../../local/process-tree.ts";
import type { Job } from "../work.ts";
import { COMMAND_MARKER } from "./left-processes.ts";
import { GRACE_MS } from "./started-command.ts";
import { commandRecordsFolder } from "./step-folder.ts";

/** A command that has outlived its worker. */
interface LeftCommand {
  readonly step: Pick<Job, "flowRunId" | "key">;
  readonly recordPath: string;
  /** `NAME=value` in the environment of all its processes. */
  readonly marker: string;
}

/**
 * Ends what dead workers have left running on this machine of steps that nobody will carry out again. Where a step may
 * be begun again, that is left to whoever begins it; what a command that has ended left in the background is its own
 * affair. On Linux, where processes can be found by their environment.
 */
export async function endUnwantedCommands(
  handoffDir: string,
  isWanted: (step: LeftCommand["step"]) => Promise<boolean>,
): Promise<void> {
  const folder = commandRecordsFolder(handoffDir);
  if (countNames(folder) < 2) return;
  for (const { step, recordPath, marker } of findLeft(folder)) {
    if (await isWanted(step)) continue;
    await endListed((candidate) => candidate.has(marker), GRACE_MS);
    // Somebody may have gone back to the step meanwhile, and has a command of it under the same name.
    if (!(await isWanted(step))) rmSync(recordPath, { force: true });
  }
}

/** Besides the file that all records are names of. */
function countNames(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}

function findLeft(folder: string): readonly LeftCommand[] {
  const found = new Map<string, LeftCommand>();
  listProcesses((candidate) => {
    const left = leftIn(candidate.readEnvironment(), folder);
    if (left !== null) found.set(left.marker, left);
    return false;
  });
  return [...found.values()];
}

/** Null for processes of anything else, of a command that has ended, and of one whose worker is alive. */
function leftIn(environment: readonly string[], folder: string): LeftCommand | null {
  const marker = environment.find((each) => each.startsWith(`${COMMAND_MARKER}=${folder}/`));
  const [, recordPath = "", pid = "", start = null] = markerParts.exec(marker ?? "") ?? [];
  const step = environment.find((each) => each.startsWith(STEP))?.slice(STEP.length);
  if (marker === undefined || recordPath === "" || step === undefined) return null;
  // What an environment says may be made up, and the record is removed.
  if (relative(folder, recordPath).startsWith("..")) return null;
  if (isProcessAlive(Number(pid), start) || !existsSync(recordPath)) return null;
  const [flowRunId = "", ...key] = step.split("/");
  return { step: { flowRunId, key: key.join("/") }, recordPath, marker };
}

const STEP = "DELEGATE_FLOW_STEP=";
const markerParts = /^[^=]+=(.+):(\d+)(?:@(\d+))?\.\d+$/s;
