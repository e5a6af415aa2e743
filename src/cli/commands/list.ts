import { listRuns } from "../../run/run-list.ts";
import type { Command } from "../command.ts";
import { plainLine } from "../plain.ts";
import { fitCells } from "../../width.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runsConfigFor } from "../runs-config.ts";
import type { Shell } from "../shell.ts";
import { formatAge } from "../format.ts";

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
  const columns = await columnsFor(shell);
  const nowMs = shell.clock.nowMs();
  for (const run of runs) {
    const age = formatAge(nowMs - Date.parse(run.createdAt));
    const status =
      run.failure?.code ?? run.status ?? (run.phase === "asking" ? "asking" : "running");
    const [runId, agent, task] = [run.runId, run.agent, run.task].map(plainLine);
    const line = [runId, status.padEnd(11), age.padStart(6), agent, task].join("  ");
    shell.stdout.write(`${fitCells(line.trimEnd(), columns)}\n`);
  }
  return 0;
}

async function columnsFor(shell: Shell): Promise<number> {
  if (!shell.stdout.isTerminal) return Number.POSITIVE_INFINITY;
  const { columnsOf } = await import("../columns.ts");
  return columnsOf(1)();
}
