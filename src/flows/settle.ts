import type { FlowChange, TaskChange } from "./change.ts";
import type { Evaluator } from "./evaluator.ts";
import type { TaskKey } from "./task.ts";
import type { FlowTree } from "./tree.ts";
import type { StepEnd } from "./work.ts";

/** What the end of an execution means. */
export interface Settled {
  /** For `advance`; empty when the task is not running. */
  readonly changes: readonly FlowChange[];
  /** To be added to what the flow run has used. */
  readonly used: { readonly costUsd: number; readonly tokens: number };
}

/** What settling needs besides the tree. */
export interface SettleTools {
  readonly evaluator: Evaluator;
  readonly nowMs: number;
  /** From 0 up to 1, for the jitter before a retry. */
  readonly random: number;
}

/** How a running task stands after its execution ended: settled, waiting, or to be begun again later. */
export declare function settleTask(
  tree: FlowTree,
  key: TaskKey,
  end: StepEnd,
  tools: SettleTools,
): Settled;

/** A ready task that a worker has taken; the worker is named for people. */
export declare function claimTask(tree: FlowTree, key: TaskKey, worker: string): TaskChange;

/** A running task that its worker gives back in good order because it leaves; the attempt does not count. */
export declare function releaseTask(tree: FlowTree, key: TaskKey): TaskChange;

/** A waiting task whose `dueAtMs` has come: it fails, and is not begun again. */
export declare function expireTask(tree: FlowTree, key: TaskKey): TaskChange;
