import type { ASTNode } from "@marcbachmann/cel-js";

/** A value from outside that an expression looks at. */
export interface Reference {
  readonly name: string;
  /** What is taken of it, as far as it does not depend on other values: `["code", "data"]` of `steps.code.data[i]`. */
  readonly path: readonly string[];
  /** Where in the expression it stands, counted from 0. */
  readonly offset: number;
}

/** Finds what an expression looks at; variables of its own, as the `x` of `list.map(x, x + 1)`, are nothing from outside. */
export function referencesIn(ast: ASTNode): readonly Reference[] {
  const found: Reference[] = [];
  visit(ast, new Set(), found);
  return found;
}

type Bound = ReadonlySet<string>;

function visit(node: ASTNode, bound: Bound, found: Reference[]): void {
  switch (node.op) {
    case "value":
      return;
    case "id":
    case ".":
    case ".?":
    case "[]":
    case "[?]":
      visitChain(node, bound, found);
      return;
    case "call":
      visitAll(node.args[1], bound, found);
      return;
    case "rcall":
      visitMethod(node.args, bound, found);
      return;
    case "map":
      visitAll(node.args.flat(), bound, found);
      return;
    case "!_":
    case "-_":
      visit(node.args, bound, found);
      return;
    default:
      visitAll(node.args, bound, found);
  }
}

function visitAll(nodes: readonly ASTNode[], bound: Bound, found: Reference[]): void {
  for (const node of nodes) visit(node, bound, found);
}

/** Something with fields and places taken of it, one after the other. */
function visitChain(node: ASTNode, bound: Bound, found: Reference[]): void {
  let path: string[] = [];
  let base = node;
  for (;;) {
    if (base.op === "." || base.op === ".?") {
      path.unshift(base.args[1]);
      base = base.args[0];
    } else if (base.op === "[]" || base.op === "[?]") {
      const [object, index] = base.args;
      if (index.op === "value" && typeof index.args === "string") path.unshift(index.args);
      else {
        path = [];
        visit(index, bound, found);
      }
      base = object;
    } else break;
  }
  if (base.op !== "id") visit(base, bound, found);
  else if (!bound.has(base.args)) found.push({ name: base.args, path, offset: base.start });
}

/** Some methods name a variable of their own as their first argument. */
function visitMethod(
  [method, receiver, args]: [string, ASTNode, ASTNode[]],
  bound: Bound,
  found: Reference[],
): void {
  const [first, ...rest] = args;
  if (method === "bind" && receiver.op === "id" && receiver.args === "cel" && isVariable(first)) {
    visitAll(rest.slice(0, 1), bound, found);
    visitAll(rest.slice(1), new Set([...bound, first.args]), found);
    return;
  }
  visit(receiver, bound, found);
  const hasVariable = macros.get(method)?.includes(args.length) ?? false;
  if (hasVariable && isVariable(first)) visitAll(rest, new Set([...bound, first.args]), found);
  else visitAll(args, bound, found);
}

/** With how many arguments these methods have a variable of their own. */
const macros: ReadonlyMap<string, readonly number[]> = new Map([
  ["all", [2]],
  ["exists", [2]],
  ["exists_one", [2]],
  ["filter", [2]],
  ["map", [2, 3]],
]);

function isVariable(node: ASTNode | undefined): node is ASTNode & { op: "id"; args: string } {
  return node?.op === "id";
}
