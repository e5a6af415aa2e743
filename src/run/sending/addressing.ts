import { shellWord } from "../../text/shell-quote.ts";
import type { Agent, Config } from "../../config/config.ts";
import { attemptFileName } from "../../handoff/paths.ts";
import type { HookCall } from "../../gateway/hook.ts";
import type { GatewaySubject } from "../failures/failure-subject.ts";
import { buildMessage } from "./prompt.ts";
import type { Dialogue } from "./prompt.ts";
import type { RunRequest } from "../stored/request.ts";
import type { RunState } from "../decide/state.ts";

/** The gateway of an agent, as sentences speak of it. */
export function gatewayOf(agent: Agent): GatewaySubject {
  return agent.kind === "gateway"
    ? { kind: "gateway", address: `${agent.origin}${agent.hookPath}` }
    : { kind: "command" };
}

/** The handoff file of an attempt, as its agent sees it. */
export function handoffPathFor(
  agent: Agent,
  config: Config,
  runId: string,
  attempt: number,
): string {
  const base =
    agent.kind === "gateway" ? (agent.agentHandoffDir ?? config.handoffDir) : config.handoffDir;
  return `${base}/${runId}/${attemptFileName(attempt)}`;
}

/** What an agent must add to `delegate handoff …`: the local gateway tells its commands in their environment. */
function handoffOptionsFor(agent: Agent, config: Config, runId: string): string {
  if (agent.kind === "command") return "";
  // Who sees the handoff folder elsewhere does not see our config where we do.
  const configFile = agent.agentHandoffDir === null ? ` --config ${shellWord(config.path)}` : "";
  return ` --run-id ${runId}${configFile}`;
}

/** The message of an attempt; the last failure is what was wrong before. */
export function messageFor(
  request: RunRequest,
  agent: Agent,
  config: Config,
  attempt: number,
  lastFailure: RunState["lastFailure"],
  dialogue: Dialogue | null = null,
): string {
  return buildMessage({
    runId: request.runId,
    agent: request.agent,
    attempt,
    attemptsInAll: request.limits.attempts + (dialogue?.rounds ?? 0),
    givenAt: request.createdAt,
    handoffPath: handoffPathFor(agent, config, request.runId, attempt),
    handsOverBy: agent.kind === "command" ? agent.handoff : "file",
    handoffOptions: handoffOptionsFor(agent, config, request.runId),
    task: request.task,
    context: request.context,
    correction:
      lastFailure === null
        ? null
        : {
            attempt: lastFailure.attempt,
            message: lastFailure.failure.message,
            problems: lastFailure.failure.problems ?? [],
          },
    dialogue,
    validation: request.validation,
    dataSchema: request.dataSchema,
    canOnlyRead: request.mode === "plan",
    workflowRunId: request.workflowRunId,
    stepId: request.stepId,
  });
}

/** What a gateway knows an attempt by, however often it is sent. */
export function idempotencyKeyOf({ runId }: Pick<RunRequest, "runId">, attempt: number): string {
  return `${runId}.${attempt}`;
}

/** The hook call of an attempt with its message. */
export function hookCallFor(
  request: RunRequest,
  agent: Agent,
  attempt: number,
  message: string,
): HookCall {
  return {
    message,
    agentId: agent.kind === "gateway" ? agent.agentId : agent.name,
    timeoutSeconds: Math.max(1, Math.ceil(request.limits.timeoutMs / 1000)),
    idempotencyKey: idempotencyKeyOf(request, attempt),
    deliver: agent.kind === "gateway" && request.doesDeliver ? agent.deliver : null,
    sessionKey: agent.kind === "gateway" ? agent.sessionKey : null,
  };
}
