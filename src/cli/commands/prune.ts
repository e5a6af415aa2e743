import { remark } from "../terminal/remark.ts";
import type { Config } from "../../config/config.ts";
import { codeOf } from "../../thrown.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { pruneDays } from "../../follow/prune-days.ts";
import { sinceAtMs } from "../../follow/since.ts";
import { failureOutcome } from "../../run/outcome.ts";
import type { Pruning } from "../../run/stored/prune.ts";
import { pruneRuns } from "../../run/stored/prune.ts";
import { storageFailure } from "../../run/stored/run-folder.ts";
import type { Command } from "../command.ts";
import { liveFlows } from "../flow/live-flows.ts";
import { reportFailure, reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";

/** `delegate prune --older-than <time>`: removes runs that ended long ago, unless a flow run still needs them, and old daily logs. */
export async function runPrune(
  command: Command & { name: "prune" },
  shell: Shell,
): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const live = await liveFlows(config.value, shell);
  if (!live.ok) return reportRefusal(live.failure, command.isJson, shell);
  const pruned = prune(command, config.value, live.value, shell.clock.nowMs());
  if (!pruned.ok) return reportRefusal(pruned.failure, command.isJson, shell);
  const { trouble } = pruned.value.runs;
  const reason = trouble === null ? null : storageFailure(trouble.path, trouble.error);
  if (command.isJson) printDocument(pruned.value, command.isDryRun, reason, shell);
  else printLines(pruned.value, command, shell);
  return reason === null ? 0 : reportFailure(reason, shell);
}

function printDocument(
  { runs: { removed, kept }, removedLogs }: Pruned,
  dryRun: boolean,
  reason: Failure | null,
  shell: Shell,
): void {
  const problem = reason === null ? {} : failureOutcome(reason, {});
  reportJson({ ...problem, dryRun, removed, kept, removedLogs }, shell);
}

function printLines(
  { runs, removedLogs }: Pruned,
  { isDryRun, isQuiet }: Command & { name: "prune" },
  shell: Shell,
): void {
  for (const each of [...runs.removed, ...removedLogs]) shell.stdout.write(`${each}\n`);
  const done = isDryRun ? "would be removed" : "removed";
  const logs = removedLogs.length === 0 ? "" : `; ${countOfLogs(removedLogs.length)} ${done}`;
  if (!isQuiet) remark(`${runs.removed.length} ${done}, ${runs.kept} kept${logs}`, shell);
}

interface Pruned {
  readonly runs: Pruning;
  /** Paths of the daily logs. */
  readonly removedLogs: readonly string[];
}

function prune(
  { olderThan, isDryRun }: Command & { name: "prune" },
  { handoffDir, logDir }: Config,
  liveWorkflows: ReadonlySet<string>,
  nowMs: number,
): Result<Pruned> {
  const endedBeforeMs = sinceAtMs(olderThan, nowMs);
  let folder = logDir;
  try {
    // First what is little: where that can't be removed, nothing else is either, and nothing goes untold.
    const removedLogs = pruneDays(logDir, { endedBeforeMs, isDryRun });
    folder = handoffDir;
    return success({
      runs: pruneRuns(handoffDir, { endedBeforeMs, isDryRun, liveWorkflows }),
      removedLogs,
    });
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return failure(storageFailure(folder, error));
  }
}

function countOfLogs(count: number): string {
  return count === 1 ? "1 daily log" : `${count} daily logs`;
}
