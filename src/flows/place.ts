import type { Flow, Step } from "./flow.ts";
import { stepsInside } from "./inside.ts";
import type { TaskKey } from "./task.ts";
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

/** The scopes on the way to a place, the outermost first; they end where nothing has begun yet. */
export function scopesTo(tree: FlowTree, key: TaskKey): readonly ScopeNode[] {
  const scopes = [tree.root];
  let scope: ScopeNode | undefined = tree.root;
  for (const { stepId, number } of partsOf(key)) {
    if (number === null) break;
    scope = scope.tasks.get(stepId)?.scopes[number - 1];
    if (scope === undefined) break;
    scopes.push(scope);
  }
  return scopes;
}

/** The task that a key names, with everything inside it, or null when it has never begun. */
export function taskAt(tree: FlowTree, key: TaskKey): TaskNode | null {
  const parts = partsOf(key);
  const scopes = scopesTo(tree, key);
  return scopes.length < parts.length
    ? null
    : (scopes.at(-1)?.tasks.get(parts.at(-1)?.stepId ?? "") ?? null);
}
