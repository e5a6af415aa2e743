import { pause } from "../../system/pause.ts";
import type { Clock } from "../../clock.ts";
import type { Exchange } from "../../gateway/exchange.ts";
import type { GatewayClient } from "../../gateway/client.ts";
import { HEALTH_PATH, healthOf } from "../../gateway/health.ts";
import { ADMISSION_TIMEOUT_MS, interpretReply } from "../../gateway/hook.ts";
import { unreachable } from "../../unreachable.ts";
import type { SendResult } from "../decide/decide-sent.ts";
import type { CourierTools, Parcel } from "./parcel.ts";

/** Milliseconds before the same request is sent again after its connection broke. */
const RESEND_DELAYS_MS = [200, 1_000];

/** Asks a gateway for its health, if wished, and sends it an attempt. */
export async function send(
  parcel: Parcel,
  client: GatewayClient,
  tools: CourierTools,
): Promise<SendResult> {
  const health = parcel.checksHealth ? findSickness(client, tools.signal) : null;
  // Written while the gateway answers.
  const body = parcel.body(false);
  const [sick] = await Promise.all([health, parcel.isWatching]);
  if (sick !== null) return sick;
  if (tools.isOver()) return { kind: "not_reached", reason: "the run is over" };
  const { idempotencyKey } = parcel;
  const obstacle = tools.announce(parcel.attempt, idempotencyKey, Buffer.byteLength(body));
  if (obstacle !== null) return { kind: "failed", failure: obstacle };
  return postUntilTold(body, parcel, client, tools);
}

/**
 * Posts, and the same again as long as its connections break, all within the time of one admission. A gateway that is
 * only silent is not asked a second time: it has the request.
 */
async function postUntilTold(
  body: string,
  { idempotencyKey, admissionMs }: Parcel,
  client: GatewayClient,
  { clock, signal, isOver }: CourierTools,
): Promise<SendResult> {
  const giveUpAtMs = clock.nowMs() + ADMISSION_TIMEOUT_MS;
  const post = async (): Promise<SendResult> => {
    const leftMs = giveUpAtMs - clock.nowMs();
    const told = await client.postHook(body, idempotencyKey, leftMs, signal, admissionMs);
    return resultOf(told, clock);
  };
  const first = await post();
  if (first.kind !== "broken") return first;
  let { reason } = first;
  for (const delayMs of RESEND_DELAYS_MS) {
    await pause(delayMs, signal);
    if (isOver() || clock.nowMs() >= giveUpAtMs) break;
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
