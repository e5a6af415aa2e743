import { oneLine } from "../../text/one-line.ts";
import type { GraphNode } from "./nodes.ts";

const LONGEST = 80;

/** What stands in a step's box, line by line. */
export function labelOf({ id, what, state }: GraphNode): readonly string[] {
  const lines = [id, what, ...(state === null ? [] : [state.words])];
  return lines.map((line) => oneLine(line, LONGEST));
}
