import type { FlowChange } from "./change.ts";
import type { FlowSignal, SignalReply } from "./signal.ts";
import type { FlowTree } from "./tree.ts";

/** What becomes of a signal: the changes are for `advance`, and are empty unless it is taken. */
export interface SignalDecision {
  readonly reply: SignalReply;
  readonly changes: readonly FlowChange[];
}

/** Whether a signal is taken, and what it changes. */
export declare function decideSignal(
  tree: FlowTree,
  signal: FlowSignal,
  nowMs: number,
): SignalDecision;
