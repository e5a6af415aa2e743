import { pause } from "../system/pause.ts";
import type { Clock } from "../clock.ts";
import type { GatewayAddress } from "../gateway/client.ts";
import { GatewayClient } from "../gateway/client.ts";
import { HEALTH_PATH, healthOf } from "../gateway/health.ts";

/** Milliseconds between two looks at a gateway that is away, and at one that answers. */
const LOOK_AGAIN_MS = { away: 500, up: 2_000 } as const;

/** What clocks of two processes may differ when both count milliseconds. */
const TOLERANCE_MS = 1_000;

/** What to watch for. */
export interface GatewayWatch {
  readonly address: GatewayAddress;
  /** When the gateway admitted the attempt that it may lose. */
  readonly admittedAtMs: number;
  /** Milliseconds that it may be away until it counts as gone. */
  readonly goneAfterMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Looks after a gateway whose held connection was lost; resolves with why its work is lost, or null when the signal fires. */
export async function watchForLoss(watch: GatewayWatch): Promise<string | null> {
  let awaySinceMs: number | null = null;
  while (!watch.signal.aborted) {
    const look = await lookAt(watch);
    const nowMs = watch.clock.nowMs();
    if (look.kind === "up") {
      if (look.uptimeMs !== null && look.uptimeMs + TOLERANCE_MS < nowMs - watch.admittedAtMs)
        return "it was restarted meanwhile";
      awaySinceMs = null;
    } else {
      awaySinceMs ??= nowMs;
      if (nowMs - awaySinceMs >= watch.goneAfterMs) return look.reason;
    }
    await pause(LOOK_AGAIN_MS[look.kind], watch.signal);
  }
  return null;
}

type Look =
  | { readonly kind: "up"; readonly uptimeMs: number | null }
  | { readonly kind: "away"; readonly reason: string };

async function lookAt({ address, signal }: GatewayWatch): Promise<Look> {
  const client = new GatewayClient(address);
  try {
    const health = healthOf(await client.get(HEALTH_PATH, signal));
    if (health.kind === "unreachable" || (health.kind === "sick" && !health.isThere))
      return { kind: "away", reason: health.reason };
    const ready = await client.get("/readyz", signal);
    return {
      kind: "up",
      uptimeMs: ready.kind === "answered" ? readUptimeMs(ready.answer.body) : null,
    };
  } finally {
    await client.close();
  }
}

/** OpenClaw tells local callers how long its process has been up. */
function readUptimeMs(body: string): number | null {
  const match = /"uptimeMs":\s*(\d+)/.exec(body);
  return match === null ? null : Number(match[1]);
}
