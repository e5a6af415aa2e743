import type { Agent, AgentMode, CommandAgent, Config } from "./config.ts";

/** An agent as it works when this mode is asked for: `write` leaves it as it is configured. Null when it can't only read. */
export function agentInMode(agent: Agent, mode: AgentMode): Agent | null {
  if (mode === "write" || agent.mode === "plan") return agent;
  return agent.kind === "command" ? commandInMode(agent, mode) : null;
}

/** The same for an agent that is a command. */
export function commandInMode(agent: CommandAgent, mode: AgentMode): CommandAgent | null {
  if (mode === "write" || agent.mode === "plan") return agent;
  return agent.planCall === null ? null : { ...agent, ...agent.planCall, mode: "plan" };
}

/** Whether an agent of this config can be held to reading. */
export function canReadOnly({ agents }: Pick<Config, "agents">, name: string): boolean {
  const agent = Object.hasOwn(agents, name) ? agents[name] : undefined;
  return agent !== undefined && agentInMode(agent, "plan") !== null;
}
