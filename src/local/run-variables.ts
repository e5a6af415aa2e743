import type { Environment } from "../environment.ts";

/** The variables that are set for a command, by the local gateway or in a flow, and the one that marks a watcher; whoever starts a gateway, a worker or a command drops inherited ones. */
const runVariables = [
  "DELEGATE_RUN_ID",
  "DELEGATE_HANDOFF_PATH",
  "DELEGATE_AGENT",
  "DELEGATE_CALLER",
  "DELEGATE_PARENT_RUN",
  "DELEGATE_CONFIG",
  "DELEGATE_GATEWAY_PID",
  "DELEGATE_GATEWAY_START",
  "DELEGATE_GATEWAY_RUN",
  "DELEGATE_WATCHER",
  "DELEGATE_FLOW_STEP",
  "DELEGATE_FLOW_COMMAND",
] as const;

/** An environment without what belongs to the run in which the asking process works. */
export function withoutRunVariables(env: Environment): Record<string, string> {
  const dropped: ReadonlySet<string> = new Set(runVariables);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !dropped.has(name)) kept[name] = value;
  }
  return kept;
}
