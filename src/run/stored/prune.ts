import { renameSync, rmSync } from "node:fs";
import { runIdPattern, runPaths } from "../../handoff/paths.ts";
import { namesIn } from "../../system/names-in.ts";
import { codeOf } from "../../thrown.ts";
import { parseQuestionId } from "../../questions/question.ts";
import { openQuestionIds } from "../questions/question-files.ts";
import type { RunRecord } from "./record.ts";
import { findRecord } from "./run-list.ts";

/** What was, or would be, removed. */
export interface Pruning {
  readonly removed: readonly string[];
  readonly kept: number;
  /** The first that could not be removed though it may go, and why. */
  readonly trouble: { readonly path: string; readonly error: unknown } | null;
}

/** Which ended runs may go. */
export interface PruneRules {
  readonly endedBeforeMs: number;
  readonly isDryRun: boolean;
  /** What runs belong to that is still under way, by `workflowRunId`. */
  readonly liveWorkflows: ReadonlySet<string>;
}

/** Before the id of a run that is being removed; no run's name begins so. */
const GOING = ".going-";

/** Removes the folders of runs that ended long ago; never of live ones, or of those that are asking or still wanted. */
export function pruneRuns(handoffDir: string, rules: PruneRules): Pruning {
  const removed: string[] = [];
  let kept = 0;
  let trouble: Pruning["trouble"] = null;
  const tryTo = (path: string, act: () => void): boolean => {
    try {
      if (!rules.isDryRun) act();
      return true;
    } catch (error) {
      if (codeOf(error) === null) throw error;
      trouble ??= { path, error };
      return false;
    }
  };
  const asking = new Set(openQuestionIds(handoffDir).map((id) => parseQuestionId(id)?.runId));
  const names = namesIn(handoffDir);
  for (const path of names.filter(isGoing).map((name) => `${handoffDir}/${name}`))
    tryTo(path, () => remove(path));
  for (const runId of names.filter((name) => runIdPattern.test(name))) {
    const paths = runPaths(handoffDir, runId);
    const record = findRecord(paths);
    if (record === null || asking.has(runId) || !mayGo(record, rules)) kept += 1;
    else if (tryTo(paths.folder, () => removeWhole(handoffDir, runId))) removed.push(runId);
    else kept += 1;
  }
  return { removed, kept, trouble };
}

/** Takes a run away in one step, so that nobody ever finds a part of it, and where that can't be done it stays whole. */
function removeWhole(handoffDir: string, runId: string): void {
  const going = `${handoffDir}/${GOING}${runId}`;
  renameSync(runPaths(handoffDir, runId).folder, going);
  remove(going);
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** What an earlier removal has left that was cut short. */
function isGoing(name: string): boolean {
  return name.startsWith(GOING);
}

function mayGo({ endedAt, workflowRunId }: RunRecord, rules: PruneRules): boolean {
  if (endedAt === null || Date.parse(endedAt) >= rules.endedBeforeMs) return false;
  return workflowRunId === null || !rules.liveWorkflows.has(workflowRunId);
}
