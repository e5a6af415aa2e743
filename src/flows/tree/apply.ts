import type { FlowChange } from "./change.ts";
import type { FlowState } from "../flow-run.ts";
import type { Step } from "../flow.ts";
import { stepsInside } from "../inside.ts";
import { emptyScope, taskNode, withScopes, withState, withTasks } from "./node.ts";
import type { Task } from "../task.ts";
import { touchedBy } from "./touched.ts";
import type { TouchedScope, TouchedTask } from "./touched.ts";
import type { FlowTree, ScopeNode, TaskNode } from "./tree.ts";

/** The tree after these changes; takes as long as they are many, however large the tree is. */
export function applyChanges(tree: FlowTree, changes: readonly FlowChange[]): FlowTree {
  let { cancel, end } = tree;
  for (const change of changes) {
    if (change.kind === "cancel") cancel = change.cancel;
    if (change.kind === "end") end = change.end;
  }
  return { request: tree.request, cancel, end, root: applyTo(tree.root, touchedBy(changes)) };
}

/** The tree of a state as a store reads it; takes as long as it has tasks. */
export function treeOf({ request, tasks, cancel, end }: FlowState): FlowTree {
  const root = emptyScope(request.flow.steps);
  return refreshTree({ request, cancel, end, root }, { tasks: tasks.values(), cancel, end });
}

/** The tree with these tasks as they stand now, however they came to that. */
export function refreshTree(
  tree: FlowTree,
  { tasks, cancel, end }: Pick<FlowState, "cancel" | "end"> & { readonly tasks: Iterable<Task> },
): FlowTree {
  const changes = Array.from(tasks, ({ key, stepId, ...state }): FlowChange => {
    return { kind: "task", key, stepId, state, happenings: [] };
  });
  return { ...applyChanges(tree, changes), cancel, end };
}

function applyTo(scope: ScopeNode, touched: TouchedScope): ScopeNode {
  if (touched.size === 0) return scope;
  const nodes: TaskNode[] = [];
  for (const [stepId, change] of touched) {
    const before = scope.tasks.get(stepId);
    const step = before?.step ?? scope.steps.find(({ id }) => id === stepId);
    if (step === undefined)
      throw new Error(`a task of step ${stepId}, which the flow does not have`);
    nodes.push(applyToTask(step, before, change));
  }
  return withTasks(scope, nodes);
}

function applyToTask(
  step: Step,
  before: TaskNode | undefined,
  { state, scopes }: TouchedTask,
): TaskNode {
  const own = state ?? before?.state;
  if (own === undefined) throw new Error(`tasks inside ${step.id}, which has not begun itself`);
  const updates = new Map<number, ScopeNode>();
  for (const [number, touched] of scopes) {
    const scope = before?.scopes[number - 1] ?? emptyScope(stepsInside(step));
    updates.set(number, applyTo(scope, touched));
  }
  const inside = before ?? taskNode(step, own);
  return withState(withScopes(inside, updates), own);
}
