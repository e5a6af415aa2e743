import type { RunRecord } from "../../run/record.ts";
import { listRuns } from "../../run/run-list.ts";
import { printTable } from "../terminal/print-table.ts";
import type { Command } from "../command.ts";
import { plainLine } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";
import { formatAge } from "../../text/time-span.ts";

/** `delegate list`: one line a run, newest first. */
export async function runList(command: Command & { name: "list" }, shell: Shell): Promise<number> {
  const config = runsConfigFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const runs = listRuns(config.value.handoffDir, command, ({ message }) =>
    shell.stderr.write(`delegate: ${plainLine(message)}\n`),
  );
  if (command.isJson) {
    reportJson({ runs }, shell);
    return 0;
  }
  if (runs.length === 0 && !command.isQuiet) shell.stderr.write("delegate: no runs\n");
  const nowMs = shell.clock.nowMs();
  const rows = runs.map((run) => [
    plainLine(run.runId),
    statusOf(run),
    formatAge(nowMs - Date.parse(run.createdAt)).padStart(6),
    plainLine(run.agent),
    plainLine(run.task),
  ]);
  await printTable(rows, shell);
  return 0;
}

function statusOf({ failure, status, phase }: RunRecord): string {
  return failure?.code ?? status ?? (phase === "asking" ? "asking" : "running");
}
