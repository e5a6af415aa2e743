import type { Agent, Config } from "../../config/config.ts";
import { readLocalGateway } from "../../local/find-gateway.ts";
import type { Command } from "../command.ts";
import { plainLine } from "../../text/plain.ts";
import { probeAll, probeHealth } from "../doctor/probe.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";
import type { Health } from "../../gateway/health.ts";
import { DEFAULT_HOOK_PATH } from "../../gateway/hook.ts";

/** `delegate agents`: who there is, whether they are well, and who may call them. */
export async function runAgents(
  command: Command & { name: "agents" },
  shell: Shell,
): Promise<number> {
  const config = configFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const agents = Object.values(config.value.agents);
  const probed = await probeAll<AgentHealth>(agents, (agent) =>
    command.asksHealth
      ? healthOfAgent(agent, config.value, shell.signal)
      : Promise.resolve({ kind: "not asked" }),
  );
  const rows = probed.map(([agent, health]) => ({
    name: agent.name,
    address: addressOf(agent),
    health: health.kind,
    ...("reason" in health ? { reason: health.reason } : {}),
    callers: callersOf(agent.name, config.value),
  }));
  if (command.isJson) {
    reportJson({ agents: rows }, shell);
    return 0;
  }
  if (rows.length === 0 && !command.isQuiet)
    shell.stderr.write(`delegate: no agents in ${config.value.path}\n`);
  for (const { name, address, health, callers } of rows) {
    const who = callers.length === 0 ? "nobody" : callers.join(", ");
    shell.stdout.write(`${[name, health, address, `callers: ${who}`].map(plainLine).join("  ")}\n`);
  }
  return 0;
}

/** A command is well when the local gateway is, or when it can be started: it comes when it is called. */
type AgentHealth = Health | { readonly kind: "on demand" | "not asked" };

async function healthOfAgent(
  agent: Agent,
  config: Config,
  signal: AbortSignal,
): Promise<AgentHealth> {
  if (agent.kind === "gateway")
    return probeHealth({ origin: agent.origin, hookPath: agent.hookPath, token: null }, signal);
  const gateway = readLocalGateway(config);
  return gateway === null
    ? { kind: "on demand" }
    : probeHealth({ origin: gateway.origin, hookPath: DEFAULT_HOOK_PATH, token: null }, signal);
}

function addressOf(agent: Agent): string {
  return agent.kind === "gateway"
    ? `${agent.origin}${agent.hookPath} (${agent.agentId})`
    : agent.command.join(" ");
}

function callersOf(name: string, config: Config): readonly string[] {
  const listed = Object.entries(config.acl).filter(([, targets]) => targets.includes(name));
  return [...(config.requireCaller ? [] : ["(a person)"]), ...listed.map(([caller]) => caller)];
}
