import { readFileSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import { runPaths } from "../../handoff/paths.ts";
import { codeOf, messageOf } from "../../thrown.ts";
import { noteChild } from "./cancel-request.ts";
import { createExclusively } from "../../system/create-exclusively.ts";
import { parseRequest } from "./request.ts";
import type { RunRequest } from "./request.ts";
import { makeFolder, makeIgnoredFolder } from "../../system/make-folder.ts";

/** Whether this process created the run, or somebody had done so before. */
export type Creation = "created" | "exists";

/** Creates the run's folder with the request in it; of several processes with the same id exactly one succeeds. */
export function createRun(paths: RunPaths, request: RunRequest): Result<Creation> {
  try {
    makeIgnoredFolder(dirname(paths.folder));
    makeFolder(paths.folder);
    const isNew = createExclusively(paths.request, `${JSON.stringify(request)}\n`);
    if (isNew && request.parentRunId !== null) {
      noteChild(runPaths(dirname(paths.folder), request.parentRunId), request.runId);
    }
    return success(isNew ? "created" : "exists");
  } catch (error) {
    leaveNothing(paths.folder);
    return failure(storageFailure(paths.folder, error));
  }
}

/** A folder in which nothing could be written is no run. */
function leaveNothing(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It was never made, or somebody has put something into it.
  }
}

/** What was asked in a run; null when there is no such run. */
export function readRequest(paths: RunPaths): Result<RunRequest | null> {
  try {
    const request = parseRequest(readFileSync(paths.request, "utf8"));
    return request === null ? failure(garbled(paths.request)) : success(request);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return success(null);
    return failure(storageFailure(paths.request, error));
  }
}

function garbled(path: string): Failure {
  return {
    code: "storage_failed",
    message: `${path} can't be used: it is not what delegate wrote`,
    hint: "somebody else changed it; restore it, or delete the run's folder and delegate again",
  };
}

/** What to say when the disk does not do its part. */
export function storageFailure(path: string, error: unknown): Failure {
  return {
    code: "storage_failed",
    message: `${path} can't be used: ${storageReason(error)}`,
    hint: storageHints[codeOf(error) ?? ""] ?? `${anyTrouble}; ${place}`,
  };
}

/**
 * What to say of an error that nobody expected where it came up, when the system is the reason and not a bug; null for
 * any other.
 */
export function systemTrouble(error: unknown): Failure | null {
  const isTrouble = systemTroubles.has(codeOf(error) ?? "");
  if (!isTrouble || !(error instanceof Error) || !("path" in error)) return null;
  return typeof error.path === "string" ? storageFailure(error.path, error) : null;
}

/** Why the disk does not do its part, in a few words. */
export function storageReason(error: unknown): string {
  return storageWords[codeOf(error) ?? ""] ?? messageOf(error);
}

/** What may come up wherever a file is opened, also one of our own program. */
const systemTroubles: ReadonlySet<string> = new Set(
  "EACCES EPERM EROFS ENOSPC EDQUOT EIO EMFILE ENFILE".split(" "),
);

const place = "handoffDir in the config says where runs are kept";
const anyTrouble = "make room and check the folder's permissions";

const storageHints: Readonly<Record<string, string>> = {
  ENOSPC: `make room; ${place}`,
  EDQUOT: `make room; ${place}`,
  EACCES: `check the permissions of the folder and those above it; ${place}`,
  EPERM: `check the permissions of the folder and those above it; ${place}`,
  EROFS: `make it writable; ${place}`,
  ENOTDIR: `move away the file that is where a folder should be; ${place}`,
  ENOENT: `make the folder, or the one that its link names; ${place}`,
  EMFILE: "close programs that keep many files open, or allow more with ulimit -n",
  ENFILE: "close programs that keep many files open, or allow more with sysctl fs.file-max",
  EIO: `check the disk; ${place}`,
};

const storageWords: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is not a folder",
  ENOENT: "no such file or folder",
  EMFILE: "too many open files",
  ENFILE: "too many open files on this machine",
  EFBIG: "the file can't grow any more",
  EIO: "the disk does not read or write",
};
