import type { Step } from "./flow.ts";
import { policyOf } from "./policy.ts";
import type { TaskState, TaskStatus } from "./task.ts";
import type { Progress, ScopeNode, Standing, TaskNode } from "./tree.ts";
import { viewOf } from "./step-view.ts";

const settled: ReadonlySet<TaskStatus> = new Set(["done", "failed", "skipped", "canceled"]);

/** Whether a task has come to its end. */
export function isSettled(state: TaskState): boolean {
  return settled.has(state.status);
}

/** A scope of which these tasks have begun. */
export function scopeNode(steps: readonly Step[], tasks: ReadonlyMap<string, TaskNode>): ScopeNode {
  const nodes = [...tasks.values()];
  const policies = nodes.map(policyOf);
  return {
    steps,
    tasks,
    standing: sumOf(nodes),
    isBegun: nodes.some(({ state }) => state.status !== "forgotten"),
    isSettled: steps.length === tasks.size && nodes.every(({ state }) => isSettled(state)),
    failing: policies.includes("fail")
      ? "fail"
      : (policies.find((policy) => policy !== null) ?? null),
  };
}

/** The scope with this task in place of the one of the same step. */
export function withTask(scope: ScopeNode, node: TaskNode): ScopeNode {
  return scopeNode(scope.steps, new Map(scope.tasks).set(node.step.id, node));
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

function sumOf(nodes: readonly TaskNode[]): Standing {
  const total = { active: 0, running: 0, waiting: 0 };
  for (const { standing } of nodes) {
    total.active += standing.active;
    total.running += standing.running;
    total.waiting += standing.waiting;
  }
  return total;
}

function standingOf({ status }: TaskState): Standing {
  return {
    active: Number(status === "ready" || status === "running"),
    running: Number(status === "running"),
    waiting: Number(status === "waiting" || status === "undecided"),
  };
}

type Total = { -readonly [name in keyof Standing | keyof Progress]: number };

function count(total: Total, scope: ScopeNode, sign: 1 | -1): void {
  total.active += sign * scope.standing.active;
  total.running += sign * scope.standing.running;
  total.waiting += sign * scope.standing.waiting;
  total.known += sign;
  total.begun += sign * Number(scope.isBegun);
  total.settled += sign * Number(scope.isSettled);
  total.failing += sign * Number(scope.failing !== null);
}
