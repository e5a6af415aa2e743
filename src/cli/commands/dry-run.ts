import type { Agent, Config } from "../../config/config.ts";
import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { runPaths } from "../../handoff/paths.ts";
import { handoffPathFor } from "../../run/addressing.ts";
import { prepare } from "../../run/prepare.ts";
import type { Ask, RunPlan } from "../../run/plan.ts";
import type { OutputFormat } from "../command.ts";
import { plainText } from "../../text/plain.ts";
import { reportJson } from "../report.ts";
import type { Shell } from "../shell.ts";
import { runToolsFor } from "../shell.ts";

/** `delegate <agent> <task> --dry-run`: prints what would be sent; a failure when it could not be. */
export async function printDryRun(
  ask: Ask,
  config: Config,
  format: OutputFormat,
  shell: Shell,
): Promise<Result<null>> {
  const planned = await prepare(ask, runToolsFor(shell, config, []));
  if (!planned.ok) return planned;
  const { message } = planned.value;
  if (format === "json") reportJson(documentOf(planned.value, config), shell);
  else shell.stdout.write(shell.stdout.isTerminal ? plainText(message) : message);
  return success(null);
}

function documentOf({ request, agent, decision, message, payload }: RunPlan, config: Config) {
  return {
    dryRun: true,
    runId: request.runId,
    agent: withoutSecrets(agent),
    acl: decision,
    paths: {
      folder: runPaths(config.handoffDir, request.runId).folder,
      handoff: handoffPathFor(agent, config, request.runId, 1),
      log: config.logDir,
    },
    limits: request.limits,
    idempotencyKey: payload.idempotencyKey,
    payload,
    message,
  };
}

/** People write keys into the variables of a command, whatever the docs say. */
function withoutSecrets(agent: Agent) {
  if (agent.kind === "gateway") {
    const { token: _token, ...shown } = agent;
    return shown;
  }
  const env = Object.entries(agent.env).map(
    ([name, value]) => [name, typeof value === "string" ? "[hidden]" : value] as const,
  );
  return { ...agent, env: Object.fromEntries(env) };
}
