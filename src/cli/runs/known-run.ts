import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { runPaths } from "../../handoff/paths.ts";
import { runUnknown } from "../../run/failures/run-failures.ts";
import { findRunIdProblem } from "../../run/plan.ts";
import type { RunRequest } from "../../run/request.ts";
import { readRequest } from "../../run/run-folder.ts";

/** What was asked in a run that somebody names, or why that can't be known. */
export function readKnownRun(handoffDir: string, runId: string): Result<RunRequest> {
  const wrong = findRunIdProblem(runId);
  if (wrong !== null) return failure(wrong);
  const request = readRequest(runPaths(handoffDir, runId));
  if (!request.ok) return request;
  return request.value === null ? failure(runUnknown(runId, handoffDir)) : success(request.value);
}
