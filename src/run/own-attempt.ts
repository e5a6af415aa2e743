import { failureKinds } from "../failure.ts";
import { attemptOfFileName, MAX_ATTEMPT_FILES } from "../handoff/paths.ts";
import type { RunState } from "./decide/state.ts";
import { attemptsBegun } from "./decide/state.ts";

/** An attempt, and the folder of all handoffs, as the path of a handoff file names them. */
export interface NamedAttempt {
  readonly handoffDir: string;
  readonly attempt: number;
}

/** What the path of a handoff file says; null when it is not a file of this run. */
export function attemptNamedBy(path: string, runId: string): NamedAttempt | null {
  const [, handoffDir = "", folder, name = ""] = /^(\/.+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const attempt = attemptOfFileName(name);
  return folder === runId && attempt !== null && attempt <= MAX_ATTEMPT_FILES
    ? { handoffDir, attempt }
    : null;
}

/** The attempt that a run has come to; the first before it has begun. */
export function latestAttempt(state: RunState): number {
  return Math.max(1, attemptsBegun(state));
}

/** Whether a run takes a handoff: it goes on, it has ended without an answer that may still come, or it is over. */
export function opennessOf(state: RunState): "open" | "late" | "over" {
  if (state.phase !== "ended") return "open";
  const { failure } = state.end;
  return failure !== null && failureKinds[failure.code].mayStillCome ? "late" : "over";
}
