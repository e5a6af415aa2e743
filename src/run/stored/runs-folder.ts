import { accessSync, constants, statSync } from "node:fs";
import type { Failure } from "../../failure.ts";
import { storageFailure } from "./run-folder.ts";

/** Why the runs in a folder can't be looked at, or null; a folder that is not there yet just holds none. */
export function findRunsFolderProblem(handoffDir: string): Failure | null {
  try {
    const stats = statSync(handoffDir, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (!stats.isDirectory()) return noFolder(handoffDir);
    accessSync(handoffDir, constants.R_OK | constants.X_OK);
    return null;
  } catch (error) {
    return storageFailure(handoffDir, error);
  }
}

function noFolder(path: string): Failure {
  return {
    code: "storage_failed",
    message: `${path} can't be used: it is not a folder, so no run can be in it`,
    hint: "move it away, or name another folder as handoffDir in the config",
  };
}
