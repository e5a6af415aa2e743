import { unreachable } from "../../unreachable.ts";
import { decideRecovery } from "./decide-recovery.ts";
import { decideWaiting } from "./decide-waiting.ts";
import { retryFrom } from "./retry-from.ts";
import type { FlowSignal } from "../signal.ts";
import { already, refused, taken } from "./signal-decision.ts";
import type { SignalDecision } from "./signal-decision.ts";
import type { FlowTree } from "../tree/tree.ts";

/** Whether a signal is taken, and what it changes. */
export function decideSignal(tree: FlowTree, signal: FlowSignal): SignalDecision {
  switch (signal.kind) {
    case "cancel":
      return decideCancel(tree, signal);
    case "decide":
      return decideWaiting(tree, signal.key, signal.decision);
    case "recover":
      return decideRecovery(tree, signal.key, signal.choice);
    case "retry_from":
      return retryFrom(tree, signal.key);
    default:
      return unreachable(signal);
  }
}

function decideCancel(
  { end, cancel }: FlowTree,
  { by, reason }: Extract<FlowSignal, { kind: "cancel" }>,
): SignalDecision {
  if (end !== null && end.status !== "canceled") {
    return refused(`the flow run has ended already: ${end.status}`, "there is nothing to cancel");
  }
  const before = end ?? cancel;
  if (before !== null) return already(`the flow run is canceled already, by ${before.by}`);
  const happenings = [{ type: "cancel_requested", by, reason } as const];
  return taken([{ kind: "cancel", cancel: { by, reason }, happenings }]);
}
