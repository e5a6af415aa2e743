import type { Flow, Step } from "../flow.ts";
import { stepsInside } from "../inside.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree, ScopeNode, TaskNode } from "./tree.ts";

/** One step on the way to a place, and the number of its iteration or item that the way goes through. */
export interface PlacePart {
  readonly stepId: string;
  /** Null at the end of the way. */
  readonly number: number | null;
}

/** The way that a task key describes. */
export function partsOf(key: TaskKey): readonly PlacePart[] {
  const words = key.split(".");
  const parts: PlacePart[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [stepId = "", number] = words.slice(at, at + 2);
    parts.push({ stepId, number: number === undefined ? null : Number(number) });
  }
  return parts;
}

/** What the keys inside a step begin with, in one of its iterations or for one of its items; the first is 1. */
export function prefixInside(key: TaskKey, number: number): string {
  return `${key}.${number}.`;
}

/** What has begun inside a task: an iteration, an item, or what a subflow holds. */
export interface InsideScope {
  readonly scope: ScopeNode;
  readonly number: number;
  /** What the keys of the scope begin with. */
  readonly prefix: string;
}

/** All that has begun inside a task, in its order. */
export function* scopesInside({ scopes }: TaskNode, key: TaskKey): Generator<InsideScope> {
  for (const [index, scope] of scopes.entries()) {
    const number = index + 1;
    if (scope !== undefined) yield { scope, number, prefix: prefixInside(key, number) };
  }
}

/** The steps on the way to a place, the outermost first, or null when the flow has no such place. */
export function stepsTo(flow: Flow, key: TaskKey): readonly Step[] | null {
  const path: Step[] = [];
  let steps = flow.steps;
  const parts = partsOf(key);
  if (parts.at(-1)?.number !== null) return null;
  for (const { stepId } of parts) {
    const step = steps.find(({ id }) => id === stepId);
    if (step === undefined) return null;
    path.push(step);
    steps = stepsInside(step);
  }
  return path;
}

/** The step that a task key names, or null. */
export function stepAt(flow: Flow, key: TaskKey): Step | null {
  return stepsTo(flow, key)?.at(-1) ?? null;
}

/** A step on the way to a place of a flow run, and the scope that it is in. */
export interface PlaceStep extends PlacePart {
  readonly scope: ScopeNode;
  /** What the keys of the scope begin with. */
  readonly prefix: string;
}

/** The way to a place, the outermost scope first; it ends where nothing has begun yet. */
export function wayTo(tree: FlowTree, key: TaskKey): readonly PlaceStep[] {
  const way: PlaceStep[] = [];
  let scope: ScopeNode | undefined = tree.root;
  let prefix = "";
  for (const part of partsOf(key)) {
    if (scope === undefined) break;
    way.push({ ...part, scope, prefix });
    const number = part.number ?? 0;
    prefix = prefixInside(prefix + part.stepId, number);
    scope = scope.tasks.get(part.stepId)?.scopes[number - 1];
  }
  return way;
}

/** The task that a key names, with everything inside it, or null when it has never begun. */
export function taskAt(tree: FlowTree, key: TaskKey): TaskNode | null {
  const last = wayTo(tree, key).at(-1);
  return last?.number === null ? (last.scope.tasks.get(last.stepId) ?? null) : null;
}
