import type { Flow } from "../flow.ts";
import { colorOf } from "./colors.ts";
import { labelOf } from "./label.ts";
import type { GraphNode } from "./nodes.ts";

/** A flow as a Mermaid flowchart. */
export function drawMermaid(flow: Flow, nodes: readonly GraphNode[]): string {
  const states = [...new Set(allNodes(nodes).flatMap(({ state }) => state?.status ?? []))];
  return [
    "---",
    `title: ${JSON.stringify(flow.name)}`,
    "---",
    "flowchart TD",
    ...nodes.flatMap((node) => drawNode(node, "  ")),
    ...allNodes(nodes).flatMap(drawEdges),
    ...states.map((state) => `  classDef ${state} fill:${colorOf(state)},color:#000`),
    "",
  ].join("\n");
}

function drawNode(node: GraphNode, indent: string): readonly string[] {
  const name = nameOf(node.path);
  const label = quote(labelOf(node));
  const marks = node.state === null ? [] : [`${indent}class ${name} ${node.state.status}`];
  if (node.inside.length === 0) {
    const [open, close] = shapes[node.kind] ?? ["[", "]"];
    return [`${indent}${name}${open}${label}${close}`, ...marks];
  }
  return [
    `${indent}subgraph ${name}[${label}]`,
    ...node.inside.flatMap((inner) => drawNode(inner, `${indent}  `)),
    `${indent}end`,
    ...marks,
  ];
}

/** People are asked in other shapes than machines. */
const shapes: Readonly<Partial<Record<GraphNode["kind"], readonly [string, string]>>> = {
  approve: ["{{", "}}"],
  ask: ["{{", "}}"],
  run: ["[[", "]]"],
};

function drawEdges({ path, needs }: GraphNode): readonly string[] {
  return needs.map((id) => `  ${nameOf([...path.slice(0, -1), id])} --> ${nameOf(path)}`);
}

function allNodes(nodes: readonly GraphNode[]): readonly GraphNode[] {
  return nodes.flatMap((node) => [node, ...allNodes(node.inside)]);
}

/** Ids have no underscore of their own; the prefix keeps off words that Mermaid uses itself, such as `end`. */
function nameOf(path: readonly string[]): string {
  return `s_${path.map((id) => id.replaceAll("-", "_")).join("__")}`;
}

function quote(lines: readonly string[]): string {
  return `"${lines.map((line) => escape(line)).join("<br/>")}"`;
}

function escape(text: string): string {
  return text.replaceAll(/["#&<>`\\{}]/g, (character) => `#${character.charCodeAt(0)};`);
}
