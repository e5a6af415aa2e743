import type { Json } from "../../flows/json.ts";
import type { Task } from "../../flows/task.ts";
import { plainLine, plainText } from "../../text/plain.ts";

/** So many lines of each stream tell why a command failed. */
const MOST_LINES = 40;

/** What the commands printed that failed, the end of it, for a terminal. */
export function printedLines(tasks: Iterable<Task>, flowRunId: string): readonly string[] {
  return [...tasks].flatMap((task) => {
    if (task.status !== "failed") return [];
    const { stdout, stderr } = task.output;
    const lines = [...endOf(stdout, flowRunId), ...endOf(stderr, flowRunId)];
    if (lines.length === 0) return [];
    return ["", `${plainLine(task.key)} printed`, ...lines.map((line) => `  ${line}`.trimEnd())];
  });
}

function endOf(printed: Json | undefined, flowRunId: string): readonly string[] {
  if (typeof printed !== "string" || printed.trim() === "") return [];
  const lines = plainText(printed).trimEnd().split("\n");
  const more = lines.length - MOST_LINES;
  const cut =
    more > 0 ? [`… ${more} more lines before these: delegate flow export ${flowRunId}`] : [];
  return [...cut, ...lines.slice(-MOST_LINES)];
}
