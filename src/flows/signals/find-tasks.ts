import { scopesInside } from "../tree/place.ts";
import type { TaskKey } from "../task.ts";
import type { FlowTree, ScopeNode, TaskNode } from "../tree/tree.ts";

/** A task and its key. */
export interface FoundTask {
  readonly key: TaskKey;
  readonly node: TaskNode;
}

/** The tasks that wait for somebody, in the order of the file; looks only where there are some. */
export function waitingTasks({ root }: FlowTree): Generator<FoundTask> {
  return waitingIn(root, "");
}

function* waitingIn(scope: ScopeNode, prefix: string): Generator<FoundTask> {
  for (const { id } of scope.steps) {
    const node = scope.tasks.get(id);
    if (node === undefined || node.standing.waiting === 0) continue;
    const key = prefix + id;
    if (node.scopes.length === 0) yield { key, node };
    for (const inside of scopesInside(node, key)) yield* waitingIn(inside.scope, inside.prefix);
  }
}
