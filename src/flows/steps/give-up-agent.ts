import { cancelRun } from "../../run/cancel.ts";
import type { RunTools } from "../../run/ports.ts";
import { agentMayBeAtWork, workerLost } from "../step-failure.ts";
import type { Job, StepEnd } from "../work.ts";
import { describeAftermath } from "./agent-aftermath.ts";

/** Ends what the agent of a step is at that has lost worker after worker; the step fails with that. */
export async function giveUpAgent(
  { runId }: Job,
  losses: number,
  tools: RunTools,
): Promise<StepEnd> {
  const wish = { by: "delegate", reason: `its step has lost its worker ${losses} times` };
  const canceled = await cancelRun(runId, wish, tools);
  // A run that is not here may be on another machine.
  const aftermath = canceled.ok ? describeAftermath(canceled.value) : agentMayBeAtWork(runId);
  const failure = workerLost(losses, aftermath);
  return { end: "failed", failure, output: {}, usage: null, isRetryable: false };
}
