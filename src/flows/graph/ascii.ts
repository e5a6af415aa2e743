import { oneLine } from "../../text/one-line.ts";
import { cellsOf, fitCells, padCells } from "../../text/width.ts";
import type { Flow } from "../flow.ts";
import type { GraphNode } from "./nodes.ts";

/** What a step does takes no more cells than this. */
const WIDEST = 64;

/** A flow in letters: one line a step with the number of its wave, and a box around the steps that others hold. */
export function drawAscii(flow: Flow, nodes: readonly GraphNode[]): string {
  const title = flow.description === "" ? flow.name : `${flow.name}: ${oneLine(flow.description)}`;
  return `${[fitCells(title, WIDEST + 36), "", ...drawScope(nodes)].join("\n")}\n`;
}

function drawScope(nodes: readonly GraphNode[]): readonly string[] {
  const leaves = nodes.filter(({ inside }) => inside.length === 0);
  const widths = {
    wave: String(nodes.at(-1)?.wave ?? 1).length,
    id: widest(leaves.map(({ id }) => id)),
    state: widest(leaves.map(wordsOf)),
    what: widest(leaves.map(({ what }) => fitCells(what, WIDEST))),
  };
  return nodes.flatMap((node) => drawNode(node, widths));
}

interface Widths {
  readonly wave: number;
  readonly id: number;
  readonly state: number;
  readonly what: number;
}

function drawNode(node: GraphNode, widths: Widths): readonly string[] {
  const wave = String(node.wave).padStart(widths.wave);
  if (node.inside.length > 0) {
    const indent = " ".repeat(widths.wave);
    return drawBox(node).map((line, index) => `${index === 0 ? wave : indent}  ${line}`);
  }
  const columns = [
    wave,
    padCells(node.id, widths.id),
    ...(widths.state === 0 ? [] : [padCells(wordsOf(node), widths.state)]),
    padCells(fitCells(node.what, WIDEST), widths.what),
    afterWords(node),
  ];
  return [columns.join("  ").trimEnd()];
}

function drawBox(node: GraphNode): readonly string[] {
  const parts = [`${node.id}: ${fitCells(node.what, WIDEST)}`, wordsOf(node), afterWords(node)];
  const title = parts.filter((part) => part !== "").join("  ");
  const lines = drawScope(node.inside);
  const width = Math.max(cellsOf(title) + 1, widest(lines));
  return [
    `+- ${title} ${"-".repeat(width - cellsOf(title) - 1)}+`,
    ...lines.map((line) => `| ${padCells(line, width)} |`),
    `+${"-".repeat(width + 2)}+`,
  ];
}

function wordsOf({ state }: GraphNode): string {
  return state === null ? "" : `[${state.words}]`;
}

function afterWords({ needs }: GraphNode): string {
  return needs.length === 0 ? "" : `after ${needs.join(", ")}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, cellsOf(text)), 0);
}
