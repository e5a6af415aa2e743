import type { Failure } from "../../failure.ts";
import type { Task } from "../../flows/task.ts";
import type { Shell } from "../shell.ts";
import type { FlowRetryCommand } from "./command.ts";
import { readKnownFlow } from "./known-flow.ts";
import { findKnownStep } from "./known-step.ts";
import { withFlows } from "./open-flows.ts";
import { refuseFlow } from "./print-outcome.ts";
import { sendSignal } from "./send-signal.ts";
import { carryOn } from "./stay.ts";
import { goOnTelling } from "./telling/begin-telling.ts";

/** `delegate flow retry <id> --from <step>`. */
export async function retryFlow(command: FlowRetryCommand, shell: Shell): Promise<number> {
  const { flowRunId, format } = command;
  const refuse = (reason: Failure): number => refuseFlow(reason, { flowRunId }, format, shell);
  return withFlows(command, shell, refuse, async (flows) => {
    const state = await readKnownFlow(flows.store, flowRunId);
    if (!state.ok) return refuse(state.failure);
    const key = findKnownStep(state.value, command.step, cameToNothing);
    if (!key.ok) return refuse(key.failure);
    const signal = { kind: "retry_from", key: key.value } as const;
    const reply = await sendSignal(flows.store, flowRunId, signal);
    if (!reply.ok) return refuse(reply.failure);
    goOnTelling(flowRunId, flows.config, shell);
    return carryOn(state.value.request, command, flows, shell);
  });
}

/** What somebody most likely means who names a step that stands at several places. */
function cameToNothing({ status }: Task): boolean {
  return status === "failed" || status === "canceled" || status === "skipped";
}
