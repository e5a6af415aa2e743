import { oneLine } from "../../text/one-line.ts";
import type { FlowEvent } from "../event.ts";
import type { FlowState } from "../flow-run.ts";
import type { Json, JsonObject } from "../../json/json.ts";
import type { Task } from "../task.ts";
import { inTreeOrder } from "./task-order.ts";
import { describeEnd, describeFlowEvent } from "./wording.ts";

/** What is written down of a flow run. */
export interface FlowRecord {
  readonly state: FlowState;
  readonly events: readonly FlowEvent[];
  readonly report: string | null;
}

/** A flow run as a document for people: its report, what each step came to, and what has happened. */
export function exportMarkdown({ state, events, report }: FlowRecord): string {
  const { request, tasks, end } = state;
  const parts: readonly (readonly string[])[] = [
    [`# Flow run ${request.flowRunId}`],
    [
      `- Flow: ${request.flow.name}`,
      `- Status: ${end === null ? "not ended" : describeEnd(end)}`,
      `- Started by: ${request.author}, ${request.createdAt}`,
      `- Folder: \`${request.cwd}\``,
      ...Object.entries(request.agents).map(([role, agent]) => `- Role ${role}: ${agent}`),
    ],
    ["## Inputs"],
    fenced(JSON.stringify(request.inputs, null, 2), "json"),
    ...(report === null ? [] : [["## Report"], [report.trimEnd()]]),
    ["## Steps"],
    ...inTreeOrder([...tasks.values()]).flatMap(describeTask),
    ["## Events"],
    events.map((event) => `- ${event.at} ${oneLine(describeFlowEvent(event))}`),
  ];
  return `${parts.map((part) => part.join("\n")).join("\n\n")}\n`;
}

function describeTask(task: Task): readonly (readonly string[])[] {
  const title = [`### ${task.key}: ${task.status}`];
  switch (task.status) {
    case "done":
      return [title, ...describeOutput(task.output)];
    case "failed":
      return [
        title,
        [`${task.failure.code}: ${oneLine(task.failure.message)}`],
        ...describeOutput(task.output),
      ];
    case "skipped":
      return [title, [oneLine(task.because)]];
    default:
      return [title];
  }
}

/** Texts as they are; everything else as JSON. */
function describeOutput(output: JsonObject): readonly (readonly string[])[] {
  return Object.entries(output).flatMap(([name, value]) =>
    isNothing(value) ? [] : [[`${name}:`], describeValue(value)],
  );
}

function describeValue(value: Json): readonly string[] {
  return typeof value === "string"
    ? fenced(value.trimEnd(), "text")
    : fenced(JSON.stringify(value, null, 2), "json");
}

function isNothing(value: Json): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** With a fence that is longer than any in the text. */
function fenced(text: string, kind: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${kind}`, text, fence];
}
