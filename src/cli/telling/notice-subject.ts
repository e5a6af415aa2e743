import type { Config } from "../../config/config.ts";
import type { NotifySubject } from "../../config/notify.ts";
import { runPaths } from "../../handoff/paths.ts";
import { findRunIdProblem } from "../../run/plan.ts";
import { readRequest } from "../../run/run-folder.ts";

/** Whose run that is, or null when there is no such run. */
export function subjectOfRun(runId: string, { handoffDir }: Config): NotifySubject | null {
  if (findRunIdProblem(runId) !== null) return null;
  const request = readRequest(runPaths(handoffDir, runId));
  return request.ok ? request.value : null;
}
