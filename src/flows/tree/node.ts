import type { Step } from "../flow.ts";
import { policyOf } from "./policy.ts";
import type { TaskState, TaskStatus } from "../task.ts";
import { TaskTable } from "./task-table.ts";
import type { Progress, ScopeCounts, ScopeNode, Standing, TaskNode } from "./tree.ts";
import { viewOf } from "./step-view.ts";

const settled: ReadonlySet<TaskStatus> = new Set(["done", "failed", "skipped", "canceled"]);

/** Whether a task has come to its end. */
export function isSettled(state: TaskState): boolean {
  return settled.has(state.status);
}

/** A scope of which nothing has begun. */
export function emptyScope(steps: readonly Step[]): ScopeNode {
  return scopeNode(steps, TaskTable.empty(steps), noTasks);
}

/** The scope with these tasks, each of another step, in place of those of the same steps; looks at no others. */
export function withTasks(scope: ScopeNode, nodes: readonly TaskNode[]): ScopeNode {
  const counts = { ...scope.counts };
  for (const node of nodes) {
    const before = scope.tasks.get(node.step.id);
    if (before !== undefined) countTask(counts, before, -1);
    countTask(counts, node, 1);
  }
  return scopeNode(scope.steps, scope.tasks.with(nodes), counts);
}

function scopeNode(
  steps: readonly Step[],
  tasks: ScopeNode["tasks"],
  counts: ScopeCounts,
): ScopeNode {
  const { active, running, waiting, begun, settled: over, failing, endingIteration } = counts;
  return {
    steps,
    tasks,
    counts,
    standing: { active, running, waiting },
    isBegun: begun > 0,
    isSettled: over === steps.length,
    failing: failing > 0 ? "fail" : endingIteration > 0 ? "next-iteration" : null,
  };
}

/** A task with nothing inside it yet. */
export function taskNode(step: Step, state: TaskState): TaskNode {
  return {
    step,
    state,
    scopes: [],
    standing: standingOf(state),
    progress: { known: 0, begun: 0, settled: 0, failing: 0 },
    view: viewOf(step.kind, state, []),
  };
}

/** The task in another state, with the same inside. */
export function withState(node: TaskNode, state: TaskState): TaskNode {
  return node.scopes.length === 0
    ? taskNode(node.step, state)
    : { ...node, state, view: viewOf(node.step.kind, state, node.scopes) };
}

/** The task with these iterations or items in place of those of the same numbers; counts nothing else again. */
export function withScopes(node: TaskNode, updates: ReadonlyMap<number, ScopeNode>): TaskNode {
  if (updates.size === 0) return node;
  const scopes: (ScopeNode | undefined)[] = [...node.scopes];
  const total = { ...node.standing, ...node.progress };
  for (const [number, scope] of updates) {
    const before = scopes[number - 1];
    if (before !== undefined) count(total, before, -1);
    count(total, scope, 1);
    scopes[number - 1] = scope;
  }
  const { active, running, waiting, known, begun, settled: over, failing } = total;
  return {
    ...node,
    scopes,
    standing: { active, running, waiting },
    progress: { known, begun, settled: over, failing },
    view: viewOf(node.step.kind, node.state, scopes),
  };
}

const noTasks: ScopeCounts = {
  active: 0,
  running: 0,
  waiting: 0,
  begun: 0,
  settled: 0,
  failing: 0,
  endingIteration: 0,
};

function countTask(counts: Counting<ScopeCounts>, node: TaskNode, sign: 1 | -1): void {
  const { standing, state } = node;
  const policy = policyOf(node);
  counts.active += sign * standing.active;
  counts.running += sign * standing.running;
  counts.waiting += sign * standing.waiting;
  counts.begun += sign * Number(state.status !== "forgotten");
  counts.settled += sign * Number(isSettled(state));
  counts.failing += sign * Number(policy === "fail");
  counts.endingIteration += sign * Number(policy === "next-iteration");
}

function standingOf({ status }: TaskState): Standing {
  return {
    active: Number(status === "ready" || status === "running"),
    running: Number(status === "running"),
    waiting: Number(status === "waiting" || status === "undecided"),
  };
}

type Counting<T> = { -readonly [name in keyof T]: number };

function count(total: Counting<Standing & Progress>, scope: ScopeNode, sign: 1 | -1): void {
  total.active += sign * scope.standing.active;
  total.running += sign * scope.standing.running;
  total.waiting += sign * scope.standing.waiting;
  total.known += sign;
  total.begun += sign * Number(scope.isBegun);
  total.settled += sign * Number(scope.isSettled);
  total.failing += sign * Number(scope.failing !== null);
}
