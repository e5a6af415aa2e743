import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RunPaths } from "../handoff/paths.ts";
import { CANCEL_FILE_NAME, runIdPattern } from "../handoff/paths.ts";
import { namesIn } from "../system/names-in.ts";
import { createExclusively } from "./create-exclusively.ts";

/** The wish that a run be ended, as it lies in the run's folder for whoever drives it. */
export interface CancelRequest {
  readonly schema: "delegate.cancel.v1";
  readonly by: string;
  readonly reason: string | null;
  /** Instant in UTC, ISO 8601. */
  readonly at: string;
}

/** Leaves the wish in the run's folder; the first one stands. */
export function leaveCancelRequest(paths: RunPaths, request: CancelRequest): void {
  createExclusively(cancelFile(paths), `${JSON.stringify(request)}\n`);
}

/** The wish that lies in the run's folder, or null. */
export function readCancelRequest(paths: RunPaths): CancelRequest | null {
  const path = cancelFile(paths);
  if (!existsSync(path)) return null;
  try {
    const request: CancelRequest = JSON.parse(readFileSync(path, "utf8"));
    return request;
  } catch {
    return null;
  }
}

/** Notes in a run's folder that another run was delegated from within it. */
export function noteChild(parent: RunPaths, childRunId: string): void {
  mkdirSync(childrenFolder(parent), { recursive: true, mode: 0o700 });
  writeFileSync(`${childrenFolder(parent)}/${childRunId}`, "", { mode: 0o600 });
}

/** The runs that were delegated from within a run. */
export function childrenOf(parent: RunPaths): readonly string[] {
  return namesIn(childrenFolder(parent)).filter((name) => runIdPattern.test(name));
}

function cancelFile({ folder }: RunPaths): string {
  return `${folder}/${CANCEL_FILE_NAME}`;
}

function childrenFolder({ folder }: RunPaths): string {
  return `${folder}/children`;
}
