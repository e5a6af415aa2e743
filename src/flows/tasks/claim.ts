import type { TaskChange } from "../tree/change.ts";
import { taskAt } from "../tree/place.ts";
import { nobodyDecided } from "../step-failure.ts";
import { changeTo } from "../tree/task-change.ts";
import type { TaskKey, TaskState } from "../task.ts";
import type { FlowTree, TaskNode } from "../tree/tree.ts";

type Begun = Extract<TaskState, { status: "ready" | "running" }>;

/** What of a task goes on when another worker takes it up. */
function executionOf({ attempt, lastAttempt, work, decision, takeovers }: Begun) {
  const execution = { attempt, lastAttempt, work, decision };
  return takeovers === undefined ? execution : { ...execution, takeovers };
}

/** A ready task that a worker takes; the worker is named for people. Null when it is not ready. */
export function claimTask(tree: FlowTree, key: TaskKey, worker: string): TaskChange | null {
  const node = taskAt(tree, key);
  if (node?.state.status !== "ready") return null;
  const execution = executionOf(node.state);
  return {
    kind: "task",
    key,
    stepId: node.step.id,
    state: { status: "running", ...execution },
    happenings: [{ type: "step_started", key, attempt: execution.attempt, worker }],
  };
}

/**
 * A running task that its worker gives back in good order because it leaves: ready again, as the same attempt. Null
 * when it is not running.
 */
export function releaseTask(tree: FlowTree, key: TaskKey): TaskChange | null {
  const node = taskAt(tree, key);
  return node?.state.status === "running" ? released(key, node, node.state) : null;
}

/** What `releaseTask` does to a task that is known to run. */
export function released(
  key: TaskKey,
  { step }: TaskNode,
  state: Extract<TaskState, { status: "running" }>,
): TaskChange {
  return changeTo(key, step.id, { status: "ready", ...executionOf(state), dueAtMs: 0 });
}

/** A waiting task whose `dueAtMs` has come: it fails. Null when it does not wait any more. */
export function expireTask(tree: FlowTree, key: TaskKey): TaskChange | null {
  const node = taskAt(tree, key);
  if (node?.state.status !== "waiting") return null;
  const { attempt, waiting } = node.state;
  const failure = nobodyDecided(
    waiting.kind === "approval" ? "approved or rejected it" : "answered",
    tree.request.flowRunId,
    key,
  );
  return changeTo(key, node.step.id, { status: "failed", attempt, failure, output: {} });
}
