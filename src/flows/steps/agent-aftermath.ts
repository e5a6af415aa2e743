import type { Cancellation } from "../../run/cancel.ts";

/** What became of the agent of a step that is given up, for people. */
export function describeAftermath({ runId, status, isAgentEnded }: Cancellation): string {
  const run = `its agent's run ${runId}`;
  if (status === null) return `${run} was asked to end: delegate show ${runId} says whether it has`;
  if (status !== "canceled")
    return `${run} had ended (${status}): delegate show ${runId} has what it came to`;
  return isAgentEnded === null
    ? `${run} is canceled, though its gateway can't end the agent`
    : `${run} is canceled`;
}
