import { rmSync } from "node:fs";
import { runIdPattern, runPaths } from "../handoff/paths.ts";
import { namesIn } from "../system/names-in.ts";
import { parseQuestionId } from "../questions/question.ts";
import { openQuestionIds } from "./questions/question-files.ts";
import type { RunRecord } from "./record.ts";
import { findRecord } from "./run-list.ts";

/** What was, or would be, removed. */
export interface Pruning {
  readonly removed: readonly string[];
  readonly kept: number;
}

/** Which ended runs may go. */
export interface PruneRules {
  readonly endedBeforeMs: number;
  readonly isDryRun: boolean;
  /** What runs belong to that is still under way, by `workflowRunId`. */
  readonly liveWorkflows: ReadonlySet<string>;
}

/** Removes the folders of runs that ended long ago; never of live ones, or of those that are asking or still wanted. */
export function pruneRuns(handoffDir: string, rules: PruneRules): Pruning {
  const removed: string[] = [];
  let kept = 0;
  const asking = new Set(openQuestionIds(handoffDir).map((id) => parseQuestionId(id)?.runId));
  for (const runId of runIdsIn(handoffDir)) {
    const paths = runPaths(handoffDir, runId);
    const record = findRecord(paths);
    if (record === null || asking.has(runId) || !mayGo(record, rules)) kept += 1;
    else {
      if (!rules.isDryRun) rmSync(paths.folder, { recursive: true, force: true });
      removed.push(runId);
    }
  }
  return { removed, kept };
}

function mayGo({ endedAt, workflowRunId }: RunRecord, rules: PruneRules): boolean {
  if (endedAt === null || Date.parse(endedAt) >= rules.endedBeforeMs) return false;
  return workflowRunId === null || !rules.liveWorkflows.has(workflowRunId);
}

function runIdsIn(folder: string): readonly string[] {
  return namesIn(folder).filter((name) => runIdPattern.test(name));
}
