import type { Failure } from "../../failure.ts";
import type { FlowSummary } from "../../flows/store.ts";
import { formatAge } from "../../text/time-span.ts";
import { plainLine } from "../../text/plain.ts";
import { printTable } from "../terminal/print-table.ts";
import { reportJson, reportRefusal } from "../report.ts";
import { remark } from "../terminal/remark.ts";
import type { Shell } from "../shell.ts";
import type { FlowListCommand } from "./command.ts";
import { withFlowsToLook } from "./open-flows.ts";

/** `delegate flow list`: one line a flow run, newest first. */
export async function listFlowRuns(command: FlowListCommand, shell: Shell): Promise<number> {
  const { isJson, isQuiet, flow: name, status, limit } = command;
  const refuse = (reason: Failure): number => reportRefusal(reason, isJson, shell);
  return withFlowsToLook(command, shell, refuse, async ({ store }) => {
    const listed = await store.list({ name, status, limit });
    if (!listed.ok) return refuse(listed.failure);
    const nowMs = shell.clock.nowMs();
    if (isJson) reportJson({ flowRuns: listed.value }, shell);
    else
      await printTable(
        listed.value.map((each) => rowOf(each, nowMs)),
        shell,
      );
    if (!isJson && !isQuiet && listed.value.length === 0) remark("no flow runs", shell);
    return 0;
  });
}

function rowOf(flowRun: FlowSummary, nowMs: number): readonly string[] {
  const { flowRunId, status, createdAt, name, author } = flowRun;
  const age = formatAge(nowMs - Date.parse(createdAt)).padStart(6);
  return [plainLine(flowRunId), status, age, plainLine(name), plainLine(author)];
}
