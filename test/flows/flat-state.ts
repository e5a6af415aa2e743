import type { FlowState } from "../../src/flows/flow-run.ts";
import type { Task, TaskKey } from "../../src/flows/task.ts";
import type { FlowTree, ScopeNode } from "../../src/flows/tree/tree.ts";

/** The flat state of a tree: tasks in the order of the file, each before what it holds. */
export function stateOf({ request, cancel, end, root }: FlowTree): FlowState {
  const tasks = new Map<TaskKey, Task>();
  collect(root, "", tasks);
  return { request, cancel, end, tasks };
}

function collect(scope: ScopeNode, prefix: string, tasks: Map<TaskKey, Task>): void {
  for (const { id } of scope.steps) {
    const node = scope.tasks.get(id);
    if (node === undefined) continue;
    const key = prefix + id;
    tasks.set(key, { key, stepId: id, ...node.state });
    node.scopes.forEach((inside, index) => {
      if (inside !== undefined) collect(inside, `${key}.${index + 1}.`, tasks);
    });
  }
}
