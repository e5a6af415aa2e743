import { computeBackoffDelayMs } from "../../retry.ts";
import { unreachable } from "../../unreachable.ts";
import { noAmount, usageOf } from "./budget.ts";
import type { Amount } from "./budget.ts";
import type { TaskChange } from "../tree/change.ts";
import { released } from "./claim.ts";
import type { Evaluator } from "../evaluator.ts";
import { isContainer } from "../inside.ts";
import { withOutputs } from "./outputs.ts";
import { taskAt, wayTo } from "../tree/place.ts";
import type { Outcome } from "../rendering.ts";
import { sightAt } from "../tree/sight.ts";
import { usageUnknown } from "../step-failure.ts";
import { changeTo } from "../tree/task-change.ts";
import type { Output, StepFailure, TaskKey, TaskState } from "../task.ts";
import type { FlowTree, TaskNode } from "../tree/tree.ts";
import { viewOfDone } from "../tree/step-view.ts";
import type { StepEnd } from "../work.ts";

/** What the end of an execution means. */
export interface Settled {
  /** For `advance`; empty when the task is not running. */
  readonly changes: readonly TaskChange[];
  /** To be added to what the flow run has used. */
  readonly used: Amount;
}

/** A single change that costs nothing, or none. */
export function alone(change: TaskChange | null): Settled {
  return { changes: change === null ? [] : [change], used: noAmount };
}

/** What settling needs besides the tree. */
export interface SettleTools {
  readonly evaluator: Evaluator;
  readonly nowMs: number;
  /** From 0 up to 1, for the jitter before a retry. */
  readonly random: number;
}

/** How a running task stands after its execution ended: settled, waiting, or to be begun again later. */
export function settleTask(
  tree: FlowTree,
  key: TaskKey,
  end: StepEnd,
  tools: SettleTools,
): Settled {
  const node = taskAt(tree, key);
  if (node?.state.status !== "running") return alone(null);
  const usage = end.end === "done" || end.end === "failed" ? end : null;
  const { used, isMissing } =
    usage === null ? nothing : usageOf(tree.request.flow, node.step, usage.usage);
  const ended = { tree, key, node, state: node.state, tools };
  return { changes: [changeAfter(ended, isMissing ? withoutUsage(end) : end)], used };
}

const nothing = { used: noAmount, isMissing: false };

/** A running task whose execution has ended. */
interface Ended {
  readonly tree: FlowTree;
  readonly key: TaskKey;
  readonly node: TaskNode;
  readonly state: Extract<TaskState, { status: "running" }>;
  readonly tools: SettleTools;
}

function changeAfter(ended: Ended, end: StepEnd): TaskChange {
  const { tree, key, node, state, tools } = ended;
  const { attempt, lastAttempt, work } = state;
  switch (end.end) {
    case "done": {
      const output = outputAfter(ended, end.output);
      return output.ok
        ? changeTo(key, node.step.id, { status: "done", attempt, output: output.value })
        : failed(ended, output.failure, end.output);
    }
    case "failed": {
      if (isStopped(tree, key)) return failed(ended, end.failure, end.output);
      if (end.isRetryable && attempt < lastAttempt) return retried(ended, end.failure);
      return end.isCutOff === true && mayBeginAnew(ended)
        ? again(ended, end.failure, tools.nowMs)
        : failed(ended, end.failure, end.output);
    }
    case "waiting": {
      const { waiting } = end;
      const waits = { status: "waiting", attempt, lastAttempt, work, waiting } as const;
      if (waiting.kind === "agent_questions")
        return changeTo(key, node.step.id, { ...waits, dueAtMs: null });
      const dueAtMs = work.timeoutMs === null ? null : tools.nowMs + work.timeoutMs;
      const asked = { atMs: tools.nowMs, goneTo: [] };
      return changeTo(key, node.step.id, { ...waits, dueAtMs, asked });
    }
    case "canceled":
      // Without a wish to cancel it was its worker that wanted to leave.
      return tree.cancel === null
        ? released(key, node, state)
        : changeTo(key, node.step.id, { status: "canceled", attempt });
    default:
      return unreachable(end);
  }
}

/** An end that says nothing about its usage, where the budget wants it known. */
function withoutUsage(end: StepEnd): StepEnd {
  if (end.end !== "done") return end;
  return { ...end, end: "failed", failure: usageUnknown(), isRetryable: false };
}

function outputAfter({ tree, key, node, tools }: Ended, output: Output): Outcome<Output> {
  const seen = viewOfDone(node.step.kind, output, node.scopes);
  return withOutputs(node.step, output, seen, sightAt(tree, key), tools.evaluator);
}

function failed({ key, node, state }: Ended, failure: StepFailure, output: Output): TaskChange {
  const { attempt } = state;
  return changeTo(key, node.step.id, { status: "failed", attempt, failure, output });
}

/** Where nothing begins any more, nothing begins again either. */
function isStopped(tree: FlowTree, key: TaskKey): boolean {
  return tree.cancel !== null || wayTo(tree, key).some(({ scope }) => scope.failing !== null);
}

/** What was cut off is no failure of its own, but where it is cut off each time it may be the reason itself. */
function mayBeginAnew({ node, state }: Ended): boolean {
  return (
    !isContainer(node.step) &&
    node.step.recovery === "rerun" &&
    state.attempt < state.lastAttempt + MOST_CUT_OFF
  );
}

/** So often a step begins anew, besides its own retries. */
const MOST_CUT_OFF = 2;

function retried(ended: Ended, failure: StepFailure): TaskChange {
  const { node, state, tools } = ended;
  const { attempt, lastAttempt } = state;
  const { retry } = node.step;
  // After somebody went back, the attempts before that are no reason to rest longer.
  const attemptsMade = retry.attempts - (lastAttempt - attempt);
  const dueAtMs = tools.nowMs + computeBackoffDelayMs(attemptsMade, retry, tools.random);
  return again(ended, failure, dueAtMs);
}

/** A further attempt, at this instant. */
function again({ key, node, state }: Ended, failure: StepFailure, dueAtMs: number): TaskChange {
  const { attempt, lastAttempt, work } = state;
  return {
    kind: "task",
    key,
    stepId: node.step.id,
    state: { status: "ready", attempt: attempt + 1, lastAttempt, work, dueAtMs, decision: null },
    happenings: [
      { type: "step_failed", key, attempt, failure, retryAt: new Date(dueAtMs).toISOString() },
    ],
  };
}
