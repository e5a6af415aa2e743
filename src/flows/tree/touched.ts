import type { FlowChange, TaskChange } from "./change.ts";
import { partsOf } from "./place.ts";
import type { TaskState } from "../task.ts";

/** What has changed about a task and inside it. */
export interface TouchedTask {
  /** Null when it has only changed inside. */
  readonly state: TaskState | null;
  /** By the number of the iteration or item. */
  readonly scopes: ReadonlyMap<number, TouchedScope>;
}

/** What has changed in a scope, by step id. */
export type TouchedScope = ReadonlyMap<string, TouchedTask>;

/** Changes of tasks by the places where they belong. */
export function touchedBy(changes: readonly FlowChange[]): TouchedScope {
  const root: WritableScope = new Map();
  for (const change of changes) if (change.kind === "task") place(root, change);
  return root;
}

type WritableScope = Map<string, WritableTask>;

interface WritableTask {
  state: TaskState | null;
  readonly scopes: Map<number, WritableScope>;
}

function place(root: WritableScope, change: TaskChange): void {
  let scope = root;
  for (const { stepId, number } of partsOf(change.key)) {
    const task = getOrAdd(scope, stepId, (): WritableTask => ({ state: null, scopes: new Map() }));
    if (number === null) task.state = change.state;
    else scope = getOrAdd(task.scopes, number, (): WritableScope => new Map());
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = create();
  map.set(key, fresh);
  return fresh;
}
