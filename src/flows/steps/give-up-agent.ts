import type { Cancellation } from "../../run/cancel.ts";
import { cancelRun } from "../../run/cancel.ts";
import type { RunTools } from "../../run/ports.ts";
import { agentMayBeAtWork, workerLost } from "../step-failure.ts";
import type { Job, StepEnd } from "../work.ts";

/** Ends what the agent of a step is at that has lost worker after worker; the step fails with that. */
export async function giveUpAgent(job: Job, losses: number, tools: RunTools): Promise<StepEnd> {
  const { runId } = job;
  const wish = { by: "delegate", reason: `its step has lost its worker ${losses} times` };
  const canceled = await cancelRun(runId, wish, tools);
  // Where there is no such run, it may be on another machine.
  const aftermath = canceled.ok ? describe(canceled.value) : agentMayBeAtWork(runId);
  const failure = workerLost(losses, aftermath);
  return { end: "failed", failure, output: {}, usage: null, isRetryable: false };
}

function describe({ runId, status, isAgentEnded }: Cancellation): string {
  const run = `its agent's run ${runId}`;
  if (status === null) return `${run} was asked to end: delegate show ${runId} says whether it has`;
  if (status !== "canceled")
    return `${run} had ended (${status}): delegate show ${runId} has what it came to`;
  return isAgentEnded === null
    ? `${run} is canceled, though its gateway can't end the agent`
    : `${run} is canceled`;
}
