import { handoffText, readOrders } from "../../conformance/orders.ts";
import type { ModelAnswer, ModelRequest, ToolCall } from "./conversation.ts";
import { callToWrite, chooseWriter } from "./writing-tools.ts";

const HEADER = "[ORCHESTRATED TASK — run_id: ";
const PRINTING = "## Your printed answer is the deliverable";

/**
 * What the model answers: it obeys the words in the task. Those of the other test agents (`FAKE:…`) say what to write, and
 * there are some of its own:
 *
 * - `MODEL:http=<status>`                   answer with that HTTP status
 * - `MODEL:silence`                         never answer
 * - `MODEL:probe=<path> with=<tool,tool>`   first write that file with one tool after the other, offered or not
 */
export function decideAnswer({ items, tools }: ModelRequest, now: Date): ModelAnswer {
  const at = items.findLastIndex(
    (item) => item.kind === "said" && item.by === "user" && isOurTask(item.text),
  );
  const found = items[at];
  // Agents also ask for titles and the like, which have no tools.
  if (found === undefined || tools.length === 0) return { kind: "text", text: "A side answer." };
  const task = found.text;
  const httpStatus = /MODEL:http=(\d{3})/.exec(task)?.[1];
  if (httpStatus !== undefined) return { kind: "refused", httpStatus: Number(httpStatus) };
  if (task.includes("MODEL:silence")) return { kind: "silence" };
  const results = items
    .slice(at + 1)
    .flatMap((item) => (item.kind === "tool_result" ? [item.text] : []));
  const steps = [...probeSteps(task, tools), ...handoffSteps(task, tools, now)];
  return steps[results.length] ?? { kind: "text", text: `Done. ${results.map(short).join(" | ")}` };
}

/** Whether a text is a message of `delegate`, or contains one. */
function isOurTask(text: string): boolean {
  return text.includes(HEADER);
}

type Tools = ModelRequest["tools"];

function probeSteps(task: string, tools: Tools): ToolCall[] {
  const [, path, names] = /MODEL:probe=(\S+) with=([\w,]+)/.exec(task) ?? [];
  if (path === undefined || names === undefined) return [];
  const file = { path, text: "Written." };
  return names.split(",").map((name) => callToWrite(name, tools, file));
}

/** The handoff, unless what is printed becomes it. */
function handoffSteps(task: string, tools: Tools, now: Date): ToolCall[] {
  const orders = readOrders(task.slice(task.indexOf(HEADER)));
  const writer = chooseWriter(tools);
  if (orders.handoff === null || writer === null || task.includes(PRINTING)) return [];
  const file = { path: orders.handoff.path, text: handoffText(orders, null, now) };
  return [callToWrite(writer.name, tools, file)];
}

function short(result: string): string {
  return result.replaceAll(/\s+/g, " ").slice(0, 200);
}
