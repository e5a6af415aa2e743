import { scopesInside } from "../tree/place.ts";
import type { TaskChange } from "../tree/change.ts";
import { changeTo } from "../tree/task-change.ts";
import type { TaskKey } from "../task.ts";
import type { ScopeNode, TaskNode } from "../tree/tree.ts";

/** A task that is to be done again; what is inside it stays. */
export function* forgetSelf({ step, state }: TaskNode, key: TaskKey): Generator<TaskChange> {
  const { status, attempt } = state;
  if (status !== "forgotten") yield changeTo(key, step.id, { status: "forgotten", attempt });
}

/** A task that is to be done again, with everything inside it. */
export function* forgetAll(node: TaskNode, key: TaskKey): Generator<TaskChange> {
  yield* forgetSelf(node, key);
  for (const { scope, prefix } of scopesInside(node, key)) yield* forgetAllIn(scope, prefix);
}

/** An iteration or item that is to be done again as a whole. */
export function* forgetAllIn(scope: ScopeNode, prefix: string): Generator<TaskChange> {
  for (const node of scope.tasks.values()) yield* forgetAll(node, prefix + node.step.id);
}
