import { remark } from "../terminal/remark.ts";
import type { Config } from "../../config/config.ts";
import { codeOf } from "../../thrown.ts";
import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { pruneDays } from "../../follow/prune-days.ts";
import { sinceAtMs } from "../../follow/since.ts";
import type { Pruning } from "../../run/stored/prune.ts";
import { pruneRuns } from "../../run/stored/prune.ts";
import { storageFailure } from "../../run/stored/run-folder.ts";
import type { Command } from "../command.ts";
import { liveFlows } from "../flow/live-flows.ts";
import { reportJson, reportRefusal } from "../report.ts";
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
  const { runs, removedLogs } = pruned.value;
  const { isDryRun } = command;
  if (command.isJson) {
    reportJson({ dryRun: isDryRun, ...runs, removedLogs }, shell);
    return 0;
  }
  for (const each of [...runs.removed, ...removedLogs]) shell.stdout.write(`${each}\n`);
  const done = isDryRun ? "would be removed" : "removed";
  const logs = removedLogs.length === 0 ? "" : `; ${countOfLogs(removedLogs.length)} ${done}`;
  if (!command.isQuiet) remark(`${runs.removed.length} ${done}, ${runs.kept} kept${logs}`, shell);
  return 0;
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
