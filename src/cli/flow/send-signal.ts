import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { FlowSignal, SignalReply } from "../../flows/signal.ts";
import type { FlowStore } from "../../flows/store.ts";
import { flowUnknown } from "./known-flow.ts";

/** A signal that did what it wants, or for what was so already. */
export type GoodReply = Exclude<SignalReply, { readonly kind: "refused" }>;

/** Sends a signal to a flow run; what it refuses is a failure. */
export async function sendSignal(
  store: FlowStore,
  flowRunId: string,
  signal: FlowSignal,
): Promise<Result<GoodReply>> {
  const reply = await store.signal(flowRunId, signal);
  if (!reply.ok) return reply;
  const { value } = reply;
  if (value === null) return failure(flowUnknown(flowRunId));
  return value.kind === "refused"
    ? failure({ code: "usage", message: value.message, hint: value.hint })
    : success(value);
}
