import type { Agent } from "../../config/config.ts";
import type { Exchange } from "../../gateway/exchange.ts";
import type { GatewayAddress } from "../../gateway/client.ts";
import { GatewayClient } from "../../gateway/client.ts";
import type { Health } from "../../gateway/health.ts";
import { HEALTH_PATH, healthOf } from "../../gateway/health.ts";

/** Milliseconds for one answer. A probe waits at most twice as long: agents may call tools with a patience of 10 s. */
const PROBE_TIMEOUT_MS = 4_000;

/** What a hook says to requests that start nothing. */
export interface HookProbe {
  readonly health: Health;
  /** The answer to a GET: 405 when there is a hook. */
  readonly hook: Exchange | null;
  /** The answer to an empty POST with the token: 400 when the token is right, 401 when it is not. */
  readonly token: Exchange | null;
}

/** Asks a gateway for its health. */
export async function probeHealth(address: GatewayAddress, signal: AbortSignal): Promise<Health> {
  const exchange = await withClient(address, (client) =>
    client.get(HEALTH_PATH, signal, PROBE_TIMEOUT_MS),
  );
  return healthOf(exchange);
}

/** Asks a gateway for its health, its hook and its token. */
export async function probeHook(address: GatewayAddress, signal: AbortSignal): Promise<HookProbe> {
  const health = await probeHealth(address, signal);
  if (health.kind === "unreachable") return { health, hook: null, token: null };
  const [hook, token] = await Promise.all([
    withClient(address, (client) => client.get(address.hookPath, signal, PROBE_TIMEOUT_MS)),
    withClient(address, (client) =>
      client.postHook("{}", "delegate-doctor", PROBE_TIMEOUT_MS, signal),
    ),
  ]);
  return { health, hook, token };
}

/** Checks many agents at once, and keeps their order. */
export async function probeAll<T>(
  agents: readonly Agent[],
  probe: (agent: Agent) => Promise<T>,
): Promise<readonly (readonly [Agent, T])[]> {
  return Promise.all(agents.map(async (agent) => [agent, await probe(agent)] as const));
}

async function withClient<T>(
  address: GatewayAddress,
  use: (client: GatewayClient) => Promise<T>,
): Promise<T> {
  const client = new GatewayClient(address);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
