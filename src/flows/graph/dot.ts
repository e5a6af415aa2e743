import type { Flow } from "../flow.ts";
import { colorOf } from "./colors.ts";
import { labelOf } from "./label.ts";
import type { GraphNode } from "./nodes.ts";

/** A flow in Graphviz's language. */
export function drawDot(flow: Flow, nodes: readonly GraphNode[]): string {
  return [
    `digraph ${quote([flow.name])} {`,
    "  compound=true;",
    '  node [shape=box, style="rounded,filled", fillcolor="#ffffff"];',
    ...nodes.flatMap((node) => drawNode(node, "  ")),
    ...drawEdges(nodes),
    "}",
    "",
  ].join("\n");
}

function drawNode(node: GraphNode, indent: string): readonly string[] {
  const label = quote(labelOf(node));
  const color = node.state === null ? "" : `, fillcolor="${colorOf(node.state.status)}"`;
  if (node.inside.length === 0) {
    const shape = node.kind === "approve" || node.kind === "ask" ? ", shape=hexagon" : "";
    return [`${indent}${nameOf(node.path)} [label=${label}${shape}${color}];`];
  }
  const fill =
    node.state === null ? "" : ` style=filled; fillcolor="${colorOf(node.state.status)}";`;
  return [
    `${indent}subgraph ${clusterOf(node.path)} {`,
    `${indent}  label=${label};${fill}`,
    ...node.inside.flatMap((inner) => drawNode(inner, `${indent}  `)),
    `${indent}}`,
  ];
}

/** An edge needs a node at each end; the cluster around it is where it is drawn to. */
function drawEdges(siblings: readonly GraphNode[]): readonly string[] {
  return siblings.flatMap((node) => [
    ...node.needs.flatMap((id) => {
      const needed = siblings.find((sibling) => sibling.id === id);
      return needed === undefined ? [] : [drawEdge(needed, node)];
    }),
    ...drawEdges(node.inside),
  ]);
}

function drawEdge(from: GraphNode, to: GraphNode): string {
  const ends = [
    ...(from.inside.length === 0 ? [] : [`ltail=${clusterOf(from.path)}`]),
    ...(to.inside.length === 0 ? [] : [`lhead=${clusterOf(to.path)}`]),
  ];
  const options = ends.length === 0 ? "" : ` [${ends.join(", ")}]`;
  return `  ${nameOf(lastIn(from).path)} -> ${nameOf(firstIn(to).path)}${options};`;
}

function firstIn(node: GraphNode): GraphNode {
  const [first] = node.inside;
  return first === undefined ? node : firstIn(first);
}

function lastIn(node: GraphNode): GraphNode {
  const last = node.inside.at(-1);
  return last === undefined ? node : lastIn(last);
}

function nameOf(path: readonly string[]): string {
  return `"${path.join(".")}"`;
}

function clusterOf(path: readonly string[]): string {
  return `"cluster_${path.join(".")}"`;
}

function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll(/["\\]/g, String.raw`\$&`));
  return `"${escaped.join(String.raw`\n`)}"`;
}
