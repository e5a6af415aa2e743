import type { Environment } from "../environment.ts";
import type { Agent, Config } from "../config/config.ts";
import { readToken } from "../config/token.ts";
import type { Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import type { GatewayAddress } from "../gateway/client.ts";
import { GatewayClient } from "../gateway/client.ts";
import { HEALTH_PATH, healthOf } from "../gateway/health.ts";
import { DEFAULT_HOOK_PATH, PLAN_HOOK_PATH } from "../gateway/hook.ts";
import { launcherPath } from "../launcher-path.ts";
import { ensureLocalGateway } from "./ensure-gateway.ts";
import type { LocalGatewayAddress } from "./find-gateway.ts";
import { readLocalGateway } from "./find-gateway.ts";
import type { AgentPorts, Reattachment } from "../run/ports.ts";

/** How this config's agents are reached: their own gateways as configured, commands through the local one. */
export function openAgentPorts(config: Config, env: Environment): AgentPorts {
  return {
    reach: (agent) => reach(agent, config, env),
    find: (agent, admittedAtMs) => Promise.resolve(find(agent, config, admittedAtMs)),
    end: (agent, runId) => end(agent, runId, config),
  };
}

/** The command that becomes the local gateway of a config. */
export function gatewayStartCommand(config: Config): readonly string[] {
  return [process.execPath, launcherPath(), "gateway", "run", "--config", config.path];
}

/** Whether something healthy answers at this origin within 2 seconds. */
export async function isHealthy(origin: string): Promise<boolean> {
  const client = new GatewayClient({ origin, hookPath: DEFAULT_HOOK_PATH, token: null });
  try {
    return healthOf(await client.get(HEALTH_PATH, AbortSignal.timeout(2_000))).kind === "healthy";
  } finally {
    await client.close();
  }
}

async function reach(
  agent: Agent,
  config: Config,
  env: Environment,
): Promise<Result<GatewayAddress>> {
  if (agent.kind === "command") {
    const gateway = await ensureLocalGateway({
      config,
      env,
      startCommand: gatewayStartCommand(config),
      isHealthy,
    });
    return gateway.ok ? success(addressOf(gateway.value, agent)) : gateway;
  }
  const token = readToken(agent.token, env);
  if (!token.ok)
    return failure({ ...token.failure, message: `${agent.name}: ${token.failure.message}` });
  return success({ origin: agent.origin, hookPath: agent.hookPath, token: token.value });
}

/** The local gateway knows an attempt for as long as it lives; other gateways forget, so they are not asked. */
function find(agent: Agent, config: Config, admittedAtMs: number): Reattachment {
  if (agent.kind === "gateway") return { kind: "unknown" };
  const gateway = readLocalGateway(config);
  return gateway !== null && Date.parse(gateway.startedAt) <= admittedAtMs
    ? { kind: "known", address: addressOf(gateway, agent) }
    : { kind: "gone", reason: "it is no longer running" };
}

async function end(agent: Agent, runId: string, config: Config): Promise<boolean | null> {
  if (agent.kind === "gateway") return null;
  const gateway = readLocalGateway(config);
  if (gateway === null) return false;
  const client = new GatewayClient(addressOf(gateway, agent));
  try {
    const exchange = await client.postCancel(runId, null);
    return exchange.kind === "answered" && /"ended":[1-9]/.test(exchange.answer.body);
  } finally {
    await client.close();
  }
}

/** An agent that only reads is called where nothing else can be asked for, not even of a gateway of an older version. */
function addressOf({ origin, token }: LocalGatewayAddress, { mode }: Agent): GatewayAddress {
  return { origin, hookPath: mode === "plan" ? PLAN_HOOK_PATH : DEFAULT_HOOK_PATH, token };
}
