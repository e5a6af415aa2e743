import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { Exchange } from "../exchange.ts";
import type { Failure, Result } from "../failure.ts";
import type { GatewayAddress } from "../gateway.ts";
import { GatewayClient } from "../gateway.ts";
import { HEALTH_PATH, healthOf } from "../health.ts";
import type { HookCall } from "../hook.ts";
import {
  ADMISSION_TIMEOUT_MS,
  buildHookPayload,
  DEFAULT_HOOK_PATH,
  interpretReply,
} from "../hook.ts";
import type { Turnstile } from "../turnstile.ts";
import { unreachable } from "../unreachable.ts";
import type { Fact } from "./decide.ts";
import type { SendResult } from "./decide-sent.ts";
import { watchForLoss } from "./gateway-watch.ts";

/** Milliseconds before the same request is sent again after its connection broke. */
const RESEND_DELAYS_MS = [200, 1_000];

/** Milliseconds that an agent gets to answer before a second request is held open: some have answered already. */
const HOLD_AFTER_MS = 50;

/** One attempt on its way to the agent. */
export interface Parcel {
  readonly attempt: number;
  readonly call: HookCall;
  readonly checksHealth: boolean;
  /** Whether to stay connected for the gateway's word that the agent's run ended. */
  readonly holds: boolean;
  /** Milliseconds that a gateway may be away, once its held connection is lost, before it counts as gone. */
  readonly goneAfterMs: number;
  /** Settles when the run's folder is being watched, so that no answer can be missed. */
  readonly isWatching: Promise<void>;
}

/** What a courier needs. */
export interface CourierTools {
  readonly clock: Clock;
  readonly reach: () => Promise<Result<GatewayAddress>>;
  readonly report: (fact: Fact) => void;
  /** See RunTools. */
  readonly holds: Turnstile | null;
  /** Notes that a request is about to leave; a failure means that it may not. */
  readonly announce: (attempt: number, idempotencyKey: string, bodyBytes: number) => Failure | null;
  readonly signal: AbortSignal;
}

/** Takes one attempt to its gateway and reports what becomes of it; ends early when the signal fires. */
export async function deliver(parcel: Parcel, tools: CourierTools): Promise<void> {
  const reached = await tools.reach();
  if (!reached.ok) {
    await parcel.isWatching;
    report(parcel, tools, { kind: "failed", failure: reached.failure });
    return;
  }
  const client = new GatewayClient(reached.value);
  try {
    const result = await send(parcel, client, tools);
    if (tools.signal.aborted) return;
    report(parcel, tools, result);
    if (!parcel.holds || !mayHold(result, reached.value)) return;
    const admittedAtMs = tools.clock.nowMs();
    await sleep(HOLD_AFTER_MS, undefined, { signal: tools.signal }).catch(() => undefined);
    if (!tools.signal.aborted)
      await holdIfThereIsRoom(parcel, { address: reached.value, client, admittedAtMs }, tools);
  } finally {
    await client.close();
  }
}

/** Connects again to an attempt that its gateway has admitted and still knows by its key. */
export async function reattach(
  parcel: Parcel,
  address: GatewayAddress,
  admittedAtMs: number,
  tools: CourierTools,
): Promise<void> {
  const client = new GatewayClient(address);
  try {
    await hold(parcel, { address, client, admittedAtMs }, tools);
  } finally {
    await client.close();
  }
}

async function send(
  parcel: Parcel,
  client: GatewayClient,
  tools: CourierTools,
): Promise<SendResult> {
  const [sick] = await Promise.all([
    parcel.checksHealth ? findSickness(client, tools.signal) : null,
    parcel.isWatching,
  ]);
  if (sick !== null) return sick;
  const body = JSON.stringify(buildHookPayload(parcel.call, false));
  const { idempotencyKey } = parcel.call;
  const obstacle = tools.announce(parcel.attempt, idempotencyKey, Buffer.byteLength(body));
  if (obstacle !== null) return { kind: "failed", failure: obstacle };
  return postUntilTold(body, idempotencyKey, client, tools);
}

/**
 * Posts, and the same again as long as its connections break, all within the time of one admission. A gateway that is
 * only silent is not asked a second time: it has the request.
 */
async function postUntilTold(
  body: string,
  idempotencyKey: string,
  client: GatewayClient,
  { clock, signal }: CourierTools,
): Promise<SendResult> {
  const giveUpAtMs = clock.nowMs() + ADMISSION_TIMEOUT_MS;
  const post = async (): Promise<SendResult> => {
    const leftMs = giveUpAtMs - clock.nowMs();
    return resultOf(await client.postHook(body, idempotencyKey, leftMs, signal), clock);
  };
  const first = await post();
  if (first.kind !== "broken") return first;
  let { reason } = first;
  for (const delayMs of RESEND_DELAYS_MS) {
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || clock.nowMs() >= giveUpAtMs) break;
    const again = await post();
    const why = whyStillUnknown(again);
    if (why === null) return again;
    reason = why === first.reason ? why : `${first.reason}, then ${why}`;
  }
  return { kind: "broken", reason };
}

/** Why the answer to a second request does not tell what became of the first; null when it does. */
function whyStillUnknown(result: SendResult): string | null {
  if (result.kind === "not_reached" || result.kind === "broken") return result.reason;
  if (result.kind !== "reply") return null;
  const { reply } = result;
  return reply.kind === "refused" && reply.isRetryable ? `HTTP ${reply.httpStatus}` : null;
}

function resultOf(exchange: Exchange, clock: Clock): SendResult {
  return exchange.kind === "answered"
    ? { kind: "reply", reply: interpretReply(exchange.answer, clock.nowMs()) }
    : exchange;
}

async function findSickness(
  client: GatewayClient,
  signal: AbortSignal,
): Promise<SendResult | null> {
  const health = healthOf(await client.get(HEALTH_PATH, signal));
  switch (health.kind) {
    case "healthy":
      return null;
    case "sick":
      return { kind: "unhealthy", reason: health.reason };
    case "unreachable":
      return { kind: "not_reached", reason: health.reason };
    default:
      return unreachable(health);
  }
}

/** Mapped hooks never hold; and a gateway that answers 202 knows no keys, so the same again would start a second run. */
function mayHold(result: SendResult, address: GatewayAddress): boolean {
  if (result.kind !== "reply" || result.reply.kind !== "admitted") return false;
  return (
    result.reply.isIdempotent &&
    result.reply.completion === null &&
    address.hookPath.endsWith(DEFAULT_HOOK_PATH)
  );
}

/** Where an attempt was admitted, and when. */
interface Admission {
  readonly address: GatewayAddress;
  readonly client: GatewayClient;
  readonly admittedAtMs: number;
}

/** Never later: a gateway that was restarted meanwhile would take the held request for a new one. */
async function holdIfThereIsRoom(
  parcel: Parcel,
  admission: Admission,
  tools: CourierTools,
): Promise<void> {
  if (tools.holds === null) return hold(parcel, admission, tools);
  const leave = tools.holds.tryToEnter();
  if (leave !== null) await hold(parcel, admission, tools).finally(leave);
}

async function hold(
  parcel: Parcel,
  { address, client, admittedAtMs }: Admission,
  tools: CourierTools,
): Promise<void> {
  const exchange = await postHeld(parcel.call, client, tools.signal);
  if (tools.signal.aborted) return;
  const reply =
    exchange.kind === "answered" ? interpretReply(exchange.answer, tools.clock.nowMs()) : null;
  const { attempt, goneAfterMs } = parcel;
  if (reply?.kind === "admitted") {
    if (reply.completion !== null)
      tools.report({ kind: "completed", attempt, completion: reply.completion });
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
function postHeld(call: HookCall, client: GatewayClient, signal: AbortSignal): Promise<Exchange> {
  const body = JSON.stringify(buildHookPayload(call, true));
  return client.postHook(body, call.idempotencyKey, null, signal);
}

function report(parcel: Parcel, tools: CourierTools, result: SendResult): void {
  tools.report({ kind: "sent", attempt: parcel.attempt, result });
}
