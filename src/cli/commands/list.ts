import { runPaths } from "../../handoff/paths.ts";
import { readEvents } from "../../run/history.ts";
import { readLeftHandoff } from "../../run/left-handoff.ts";
import type { RunRecord } from "../../run/record.ts";
import { readRequest } from "../../run/run-folder.ts";
import { listRuns } from "../../run/run-list.ts";
import { plainLine } from "../../text/plain.ts";
import type { Command } from "../command.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { runLines } from "../runs/run-lines.ts";
import { runsConfigFor } from "../runs/runs-config.ts";
import type { Shell } from "../shell.ts";
import { columnsFor } from "../terminal/columns-for.ts";

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
  const nowMs = shell.clock.nowMs();
  const shown = runs.map((record) => ({
    record,
    isHandedOver: isHandedOver(record, config.value.handoffDir, nowMs),
  }));
  for (const line of runLines(shown, columns, nowMs)) shell.stdout.write(`${line}\n`);
  return 0;
}

/** Whether the result of a run that nobody waits for is there already. */
function isHandedOver({ runId, phase }: RunRecord, handoffDir: string, nowMs: number): boolean {
  if (phase !== "waiting") return false;
  const paths = runPaths(handoffDir, runId);
  const request = readRequest(paths);
  if (!request.ok || request.value === null) return false;
  const { events } = readEvents(paths.events);
  return readLeftHandoff({ paths, request: request.value, events }, null, nowMs) !== null;
}
