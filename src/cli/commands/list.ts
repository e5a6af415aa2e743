import { listRuns } from "../../run/run-list.ts";
import type { Command } from "../command.ts";
import { plainLine } from "../plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runLines } from "../run-lines.ts";
import { runsConfigFor } from "../runs-config.ts";
import type { Shell } from "../shell.ts";

/** `delegate list`: the newest runs first. */
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
  for (const line of runLines(runs, columns, shell.clock.nowMs())) shell.stdout.write(`${line}\n`);
  return 0;
}

async function columnsFor(shell: Shell): Promise<number> {
  if (!shell.stdout.isTerminal) return Number.POSITIVE_INFINITY;
  const { columnsOf } = await import("../columns.ts");
  return columnsOf(1)();
}
