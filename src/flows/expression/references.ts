import type { ASTNode } from "@marcbachmann/cel-js";

/** A step that an expression looks at, and where in it. */
export interface StepReference {
  readonly root: "steps" | "previous";
  /** Null when which step it is depends on a value, or all are looked at. */
  readonly stepId: string | null;
  readonly offset: number;
}

/** A name that an expression needs from its surroundings. */
export interface NameReference {
  readonly name: string;
  readonly offset: number;
}

/** What an expression looks at. Variables of its own, such as the `x` of `list.map(x, x + 1)`, are no references. */
export interface References {
  readonly names: readonly NameReference[];
  readonly steps: readonly StepReference[];
}

/** Finds what a parsed expression looks at. */
export function referencesIn(ast: ASTNode): References {
  const found: Found = { names: [], steps: [] };
  visit(ast, new Set(), found);
  return found;
}

interface Found {
  readonly names: NameReference[];
  readonly steps: StepReference[];
}

type Bound = ReadonlySet<string>;

function visit(node: ASTNode, bound: Bound, found: Found): void {
  switch (node.op) {
    case "value":
      return;
    case "id":
      visitName(node.args, node.start, bound, found);
      return;
    case ".":
    case ".?":
      visitAccess(node.args[0], node.args[1], bound, found);
      return;
    case "[]":
    case "[?]":
      visitAccess(node.args[0], literalOf(node.args[1]), bound, found);
      visit(node.args[1], bound, found);
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

function visitAll(nodes: readonly ASTNode[], bound: Bound, found: Found): void {
  for (const node of nodes) visit(node, bound, found);
}

/** A name that stands alone: all steps are looked at when it is theirs. */
function visitName(name: string, offset: number, bound: Bound, found: Found): void {
  if (bound.has(name)) return;
  found.names.push({ name, offset });
  if (isRoot(name)) found.steps.push({ root: name, stepId: null, offset });
}

function visitAccess(object: ASTNode, key: string | null, bound: Bound, found: Found): void {
  if (object.op !== "id" || bound.has(object.args) || !isRoot(object.args) || key === null) {
    visit(object, bound, found);
    return;
  }
  found.names.push({ name: object.args, offset: object.start });
  found.steps.push({ root: object.args, stepId: key, offset: object.start });
}

/** Some methods name a variable of their own as their first argument. */
function visitMethod(
  [method, receiver, args]: [string, ASTNode, ASTNode[]],
  bound: Bound,
  found: Found,
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

function literalOf(node: ASTNode): string | null {
  return node.op === "value" && typeof node.args === "string" ? node.args : null;
}

function isRoot(name: string): name is StepReference["root"] {
  return name === "steps" || name === "previous";
}
