import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/config.ts";
import { launcherPath } from "../../launcher-path.ts";
import { checkLocalGateway, ensureLocalGateway } from "../../local/ensure-gateway.ts";
import { gatewayPaths } from "../../local/gateway-paths.ts";
import { unreachable } from "../../unreachable.ts";
import { version } from "../../version.ts";
import { gatewayStartCommand, isHealthy } from "../../local/agent-ports.ts";
import type { Command } from "../command.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";

type GatewayCommand = Command & { name: "gateway" };

/** `delegate gateway start|status|stop|run`. */
export async function runGateway(command: GatewayCommand, shell: Shell): Promise<number> {
  const config = configFor(shell, command);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  switch (command.action) {
    case "start":
      return start(command, config.value, shell);
    case "status":
      return status(command, config.value, shell);
    case "stop":
      return stop(command, config.value, shell);
    case "run":
      return serve(config.value, shell);
    default:
      return unreachable(command.action);
  }
}

async function start(command: GatewayCommand, config: Config, shell: Shell): Promise<number> {
  const startCommand = gatewayStartCommand(config);
  const gateway = await ensureLocalGateway({ config, env: shell.env, startCommand, isHealthy });
  if (!gateway.ok) return reportRefusal(gateway.failure, command.isJson, shell);
  tell(command, { status: "running", url: gateway.value.origin, pid: gateway.value.pid }, shell);
  return 0;
}

async function status(command: GatewayCommand, config: Config, shell: Shell): Promise<number> {
  const found = await checkLocalGateway(config, isHealthy);
  const log = gatewayPaths(config).log;
  if (found.kind === "stopped") {
    tell(command, { status: "stopped", log }, shell);
    return 1;
  }
  const { origin: url, pid, startedAt } = found.gateway;
  tell(command, { status: found.kind, url, pid, startedAt, log }, shell);
  return found.kind === "running" ? 0 : 1;
}

async function stop(command: GatewayCommand, config: Config, shell: Shell): Promise<number> {
  const { stopLocalGateway } = await import("../../local/stop-gateway.ts");
  const stopped = await stopLocalGateway(config);
  if (!stopped.ok) return reportRefusal(stopped.failure, command.isJson, shell);
  const { pid } = stopped.value;
  tell(command, pid === null ? { status: "stopped" } : { status: "stopped", pid }, shell);
  return 0;
}

/** The gateway itself, in the foreground; its log goes to stdout. */
async function serve(config: Config, shell: Shell): Promise<number> {
  // Whoever has asked for the signal leaves in good order at the first one, and at once at the second.
  shell.signal.throwIfAborted();
  const { createFileLog } = await import("../../local/log.ts");
  const { runLocalGateway } = await import("../../local/main.ts");
  return runLocalGateway({
    loadConfig: () => loadConfig({ explicitPath: config.path, env: shell.env, cwd: shell.cwd }),
    launcherPath: launcherPath(),
    version,
    env: shell.env,
    log: createFileLog(1, shell.clock),
    clock: shell.clock,
  });
}

function tell(
  command: GatewayCommand,
  document: Readonly<Record<string, string | number>>,
  shell: Shell,
): void {
  if (command.isJson) reportJson(document, shell);
  else
    for (const [label, value] of Object.entries(document))
      shell.stdout.write(`${label}: ${value}\n`);
}
