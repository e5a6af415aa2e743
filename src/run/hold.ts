import type { Exchange } from "../gateway/exchange.ts";
import type { GatewayAddress, GatewayClient } from "../gateway/client.ts";
import { DEFAULT_HOOK_PATH, interpretReply } from "../gateway/hook.ts";
import type { SendResult } from "./decide/decide-sent.ts";
import { watchForLoss } from "./gateway-watch.ts";
import type { CourierTools, Parcel } from "./parcel.ts";

/** Mapped hooks never hold; and a gateway that answers 202 knows no keys, so the same again would start a second run. */
export function mayHold(result: SendResult, address: GatewayAddress): boolean {
  if (result.kind !== "reply" || result.reply.kind !== "admitted") return false;
  return (
    result.reply.isIdempotent &&
    result.reply.agentEnd === null &&
    address.hookPath.endsWith(DEFAULT_HOOK_PATH)
  );
}

/** Where an attempt was admitted, and when. */
export interface Admission {
  readonly address: GatewayAddress;
  readonly client: GatewayClient;
  readonly admittedAtMs: number;
}

/** Waits for the end of the agent's own run on a connection that is held open, and looks after the gateway when that is lost. */
export async function hold(
  parcel: Parcel,
  { address, client, admittedAtMs }: Admission,
  tools: CourierTools,
): Promise<void> {
  const exchange = await postHeld(parcel, client, tools.signal);
  if (tools.isOver()) return;
  const reply =
    exchange.kind === "answered" ? interpretReply(exchange.answer, tools.clock.nowMs()) : null;
  const { attempt, goneAfterMs } = parcel;
  if (reply?.kind === "admitted") {
    if (reply.agentEnd !== null) tools.report({ kind: "completed", attempt, ...reply.agentEnd });
    return;
  }
  // A draining gateway refuses to hold; asking again could start a second run once it has been restarted.
  const reason = exchange.kind === "answered" ? `HTTP ${exchange.answer.status}` : exchange.reason;
  tools.report({ kind: "connection_lost", attempt, reason });
  const { clock, signal } = tools;
  const loss = await watchForLoss({ address, admittedAtMs, goneAfterMs, clock, signal });
  if (loss !== null) tools.report({ kind: "gateway_gone", attempt, reason: loss });
}

/** Not async: its text would be kept for as long as the answer is held. */
function postHeld(parcel: Parcel, client: GatewayClient, signal: AbortSignal): Promise<Exchange> {
  return client.postHook(parcel.body(true), parcel.idempotencyKey, null, signal);
}
