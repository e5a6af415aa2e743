import type { Cancellation } from "../../run/cancel.ts";
import { cancelRun } from "../../run/cancel.ts";
import type { Outcome } from "../../run/outcome.ts";
import type { RunTools } from "../../run/ports.ts";

/** Ends the run that Ctrl-C was meant for; the exit code stays that of an interrupted process, whatever became of it. */
export async function cancelInterrupted(outcome: Outcome, tools: RunTools): Promise<Outcome> {
  const { runId, error } = outcome;
  if (runId === undefined || error?.code !== "interrupted") return outcome;
  const canceled = await cancelRun(runId, { by: "Ctrl-C", reason: null }, tools);
  return canceled.ok ? toldAsCanceled(outcome, canceled.value) : outcome;
}

function toldAsCanceled(outcome: Outcome, { runId, status, isAgentEnded }: Cancellation): Outcome {
  if (status !== "canceled" || outcome.error === undefined) return outcome;
  const agent =
    isAgentEnded === null ? "; its gateway can't end the agent, which may go on in vain" : "";
  const message = `interrupted, and run ${runId} was canceled${agent}`;
  const hint = "delegate again if the work is still wanted";
  return { ...outcome, status, error: { ...outcome.error, message, hint } };
}
