import type { Failure } from "../../failure.ts";
import type { FlowSummary } from "../../flows/store.ts";
import { fitCells, padCells } from "../../text/width.ts";
import { formatAge } from "../terminal/format.ts";
import { plainLine } from "../terminal/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowListCommand } from "./command.ts";
import { withFlows } from "./open-flows.ts";

/** `delegate flow list`: one line a flow run, newest first. */
export async function listFlowRuns(command: FlowListCommand, shell: Shell): Promise<number> {
  const { isJson, isQuiet, flow: name, status, limit } = command;
  const refuse = (reason: Failure): number => reportRefusal(reason, isJson, shell);
  return withFlows(command, shell, refuse, async ({ store }) => {
    const listed = await store.list({ name, status, limit });
    if (!listed.ok) return refuse(listed.failure);
    if (isJson) reportJson({ flowRuns: listed.value }, shell);
    else await print(listed.value, shell);
    if (!isJson && !isQuiet && listed.value.length === 0)
      shell.stderr.write("delegate: no flow runs\n");
    return 0;
  });
}

async function print(flowRuns: readonly FlowSummary[], shell: Shell): Promise<void> {
  const columns = await columnsFor(shell);
  const nowMs = shell.clock.nowMs();
  const idCells = Math.max(0, ...flowRuns.map(({ flowRunId }) => flowRunId.length));
  for (const { flowRunId, status, createdAt, name, author } of flowRuns) {
    const age = formatAge(nowMs - Date.parse(createdAt)).padStart(6);
    const [id, flow, by] = [flowRunId, name, author].map(plainLine);
    const line = [padCells(id ?? "", idCells), status.padEnd(8), age, flow, by].join("  ");
    shell.stdout.write(`${fitCells(line, columns)}\n`);
  }
}

async function columnsFor(shell: Shell): Promise<number> {
  if (!shell.stdout.isTerminal) return Number.POSITIVE_INFINITY;
  const { columnsOf } = await import("../terminal/columns.ts");
  return columnsOf(1)();
}
