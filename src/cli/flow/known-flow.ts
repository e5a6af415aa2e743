import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { FlowState } from "../../flows/flow-run.ts";
import type { FlowStore } from "../../flows/store.ts";

/** How a flow run stands that somebody names, or why that can't be known. */
export async function readKnownFlow(
  store: FlowStore,
  flowRunId: string,
): Promise<Result<FlowState>> {
  const state = await store.read(flowRunId);
  if (!state.ok) return state;
  return state.value === null ? failure(flowUnknown(flowRunId)) : success(state.value);
}

/** There is no such flow run. */
export function flowUnknown(flowRunId: string): Failure {
  return {
    code: "run_unknown",
    message: `there is no flow run ${flowRunId} here`,
    hint: "delegate flow list shows those of this config; --config names another one",
  };
}
