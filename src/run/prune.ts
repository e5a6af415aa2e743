import { rmSync } from "node:fs";
import { runIdPattern, runPaths } from "../handoff/paths.ts";
import { namesIn } from "../names-in.ts";
import { parseQuestionId } from "../questions/question.ts";
import { openQuestionIds } from "./question-files.ts";
import { findRecord } from "./run-list.ts";

/** What was, or would be, removed. */
export interface Pruning {
  readonly removed: readonly string[];
  readonly kept: number;
}

/** Removes the folders of runs that ended before an instant; never those of live ones or those with open questions. */
export function pruneRuns(handoffDir: string, endedBeforeMs: number, isDryRun: boolean): Pruning {
  const removed: string[] = [];
  let kept = 0;
  const asking = new Set(openQuestionIds(handoffDir).map((id) => parseQuestionId(id)?.runId));
  for (const runId of runIdsIn(handoffDir)) {
    const paths = runPaths(handoffDir, runId);
    const endedAt = findRecord(paths)?.endedAt ?? null;
    if (endedAt === null || asking.has(runId) || Date.parse(endedAt) >= endedBeforeMs) kept += 1;
    else {
      if (!isDryRun) rmSync(paths.folder, { recursive: true, force: true });
      removed.push(runId);
    }
  }
  return { removed, kept };
}

function runIdsIn(folder: string): readonly string[] {
  return namesIn(folder).filter((name) => runIdPattern.test(name));
}
