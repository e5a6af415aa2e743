import { unreachable } from "../../unreachable.ts";
import type { Flow } from "../flow.ts";
import { drawAscii } from "./ascii.ts";
import { drawDot } from "./dot.ts";
import { drawMermaid } from "./mermaid.ts";
import { graphNodes } from "./nodes.ts";
import type { TaskStates } from "./nodes.ts";

/** The languages in which a flow can be drawn. */
export const graphFormats = ["mermaid", "dot", "ascii"] as const;

export type GraphFormat = (typeof graphFormats)[number];

/** Draws a flow; with states, how each step of a run of it stands. */
export function drawGraph(
  flow: Flow,
  format: GraphFormat,
  states: TaskStates | null = null,
): string {
  const nodes = graphNodes(flow, states);
  switch (format) {
    case "mermaid":
      return drawMermaid(flow, nodes);
    case "dot":
      return drawDot(flow, nodes);
    case "ascii":
      return drawAscii(flow, nodes);
    default:
      return unreachable(format);
  }
}
