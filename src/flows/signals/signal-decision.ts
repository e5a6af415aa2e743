import type { FlowChange } from "../tree/change.ts";
import type { SignalReply } from "../signal.ts";

/** What becomes of a signal: the changes are for `advance`, and are empty unless it is taken. */
export interface SignalDecision {
  readonly reply: SignalReply;
  readonly changes: readonly FlowChange[];
}

/** A signal that does what it wants. */
export function taken(changes: readonly FlowChange[]): SignalDecision {
  return { reply: { kind: "taken" }, changes };
}

/** A signal for what is so already. */
export function already(message: string): SignalDecision {
  return { reply: { kind: "already", message }, changes: [] };
}

/** A signal that can't be, and what to do instead. */
export function refused(message: string, hint: string): SignalDecision {
  return { reply: { kind: "refused", message, hint }, changes: [] };
}
