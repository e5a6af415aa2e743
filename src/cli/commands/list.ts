import { remark } from "../terminal/remark.ts";
import type { Failure } from "../../failure.ts";
import type { RunRecord } from "../../run/stored/record.ts";
import { listRuns } from "../../run/stored/run-list.ts";
import type { Command } from "../command.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { isHandedOver } from "../runs/handed-over.ts";
import { runLines, stateOf } from "../runs/run-lines.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import { remarkUnknownAgent } from "../runs/unknown-agent.ts";
import type { Shell } from "../shell.ts";
import { columnsFor } from "../terminal/columns-for.ts";

/** `delegate list`: the newest runs first. */
export async function runList(command: Command & { name: "list" }, shell: Shell): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const { handoffDir } = config.value;
  const nowMs = shell.clock.nowMs();
  const isLeft = (record: RunRecord): boolean =>
    record.phase === "waiting" && isHandedOver(handoffDir, record.runId, nowMs);
  const filter =
    command.status === "handed_over"
      ? { ...command, status: "running", isWanted: isLeft }
      : command;
  const troubles: Failure[] = [];
  const runs = listRuns(handoffDir, filter, (trouble) => troubles.push(trouble));
  remarkTroubles(troubles, shell);
  const shown = runs.map((record) => ({ record, isHandedOver: isLeft(record) }));
  if (command.isJson) {
    reportJson({ runs: shown.map((run) => ({ ...run.record, state: stateOf(run) })) }, shell);
    return 0;
  }
  if (runs.length === 0 && !command.isQuiet) {
    remark("no runs", shell);
    if (command.agent !== null) remarkUnknownAgent(command.agent, config.value, shell);
  }
  const columns = await columnsFor(shell);
  for (const line of runLines(shown, columns, nowMs)) shell.stdout.write(`${line}\n`);
  return 0;
}

/** All runs of another user can't be read: a few say enough. */
const MOST_TOLD_TROUBLES = 3;

function remarkTroubles(troubles: readonly Failure[], shell: Shell): void {
  for (const { message } of troubles.slice(0, MOST_TOLD_TROUBLES)) remark(message, shell);
  const more = troubles.length - MOST_TOLD_TROUBLES;
  if (more > 0) remark(`and ${more} more that can't be read`, shell);
}
