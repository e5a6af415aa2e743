import type { Config } from "../../config/config.ts";
import type { Sink } from "../../events/event.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { runPaths } from "../../handoff/paths.ts";
import { delegateTask } from "../../run/delegation.ts";
import { prepare } from "../../run/prepare.ts";
import type { Cancellation } from "../../run/cancel.ts";
import type { Outcome } from "../../run/outcome.ts";
import { failureOutcome } from "../../run/outcome.ts";
import type { Ask } from "../../run/plan.ts";
import { handoffPathFor } from "../../run/addressing.ts";
import type { RunTools } from "../../run/ports.ts";
import type { DelegateCommand, TextSource } from "../command.ts";
import { plainText } from "../plain.ts";
import type { Notice } from "../notice.ts";
import { openNotice } from "../notice.ts";
import { openProgress } from "../progress.ts";
import { reportJson, reportOutcome } from "../report.ts";
import { readText } from "../read-text.ts";
import type { Shell } from "../shell.ts";
import { configFor, runToolsFor } from "../shell.ts";

/** `delegate <agent> <task>`. */
export async function runDelegate(command: DelegateCommand, shell: Shell): Promise<number> {
  const config = configFor(shell, command);
  if (!config.ok) return refuse(config.failure, command, shell);
  const notice = await openNotice(
    {
      wish: command.notify,
      subject: () => command,
      runId: command.runId,
      leavesOnceSent: !command.waits,
    },
    config.value,
    shell,
  );
  if (!notice.ok) return refuse(notice.failure, command, shell);
  const ask = await completeAsk(command, config.value, shell);
  if (!ask.ok) return refuse(ask.failure, command, shell);
  if (command.isDryRun) return dryRun(ask.value, config.value, command, shell);
  const timeoutMs = ask.value.timeoutMs ?? defaultTimeoutMs(command.agent, config.value);
  const progress = await openProgress(command, { timeoutMs }, shell);
  try {
    const sinks = [...progress.sinks, ...notice.value.sinks];
    const tools = runToolsFor(shell, config.value, sinks, command.onQuestion);
    const outcome = await delegateTask(
      ask.value,
      tools,
      command.waits ? "outcome" : "sent",
      shell.signal,
    );
    progress.close();
    if (
      outcome.error?.code === "interrupted" &&
      command.onInterrupt === "cancel" &&
      outcome.runId !== undefined
    ) {
      const { cancelRun } = await import("../../run/cancel.ts");
      const canceled = await cancelRun(outcome.runId, { by: "Ctrl-C", reason: null }, tools);
      const told = canceled.ok ? interruptedOutcome(outcome, canceled.value) : outcome;
      return await tell(told, notice.value, command, shell);
    }
    return await tell(outcome, notice.value, command, shell);
  } finally {
    progress.close();
  }
}

/** Whoever waits for the outcome comes first, then those who are told of the run elsewhere. */
async function tell(
  outcome: Outcome,
  notice: Notice,
  command: DelegateCommand,
  shell: Shell,
): Promise<number> {
  const exitCode = reportOutcome(outcome, command.format, shell);
  await notice.close(outcome);
  return exitCode;
}

/** The exit code stays that of an interrupted process, whatever became of the run. */
function interruptedOutcome(
  outcome: Outcome,
  { runId, status, isAgentEnded }: Cancellation,
): Outcome {
  if (status !== "canceled" || outcome.error === undefined) return outcome;
  const agent =
    isAgentEnded === null ? "; its gateway can't end the agent, which may go on in vain" : "";
  const message = `interrupted, and run ${runId} was canceled${agent}`;
  const hint = "delegate again if the work is still wanted";
  return { ...outcome, status, error: { ...outcome.error, message, hint } };
}

function defaultTimeoutMs(agent: string, config: Config): number {
  const own = Object.hasOwn(config.agents, agent) ? config.agents[agent] : undefined;
  return (own?.timeoutSeconds ?? config.timeoutSeconds) * 1000;
}

function refuse(reason: Failure, command: DelegateCommand, shell: Shell): number {
  const names =
    command.runId === null
      ? { agent: command.agent }
      : { agent: command.agent, runId: command.runId };
  return reportOutcome(failureOutcome(reason, names), command.format, shell);
}

async function dryRun(
  ask: Ask,
  config: Config,
  command: DelegateCommand,
  shell: Shell,
): Promise<number> {
  const noSinks: readonly Sink[] = [];
  const tools: RunTools = runToolsFor(shell, config, noSinks);
  const planned = await prepare(ask, tools);
  if (!planned.ok) return refuse(planned.failure, command, shell);
  const { request, agent, decision, message, payload } = planned.value;
  const paths = runPaths(config.handoffDir, request.runId);
  const { token: _token, ...shown } = agent.kind === "gateway" ? agent : { ...agent, token: null };
  if (command.format === "text") {
    shell.stdout.write(shell.stdout.isTerminal ? plainText(message) : message);
    return 0;
  }
  reportJson(
    {
      dryRun: true,
      runId: request.runId,
      agent: shown,
      acl: decision,
      paths: {
        folder: paths.folder,
        handoff: handoffPathFor(agent, config, request.runId, 1),
        log: config.logDir,
      },
      limits: request.limits,
      idempotencyKey: payload.idempotencyKey,
      payload,
      message,
    },
    shell,
  );
  return 0;
}

/** What is wanted, with the messages of the channel that the command names, if any. */
async function completeAsk(
  command: DelegateCommand,
  config: Config,
  shell: Shell,
): Promise<Result<Ask>> {
  const ask = readAsk(command, shell);
  if (!ask.ok || command.channel === null) return ask;
  const { withChannelContext } = await import("../channel-context.ts");
  return withChannelContext(ask.value, command.channel, runToolsFor(shell, config, []), shell);
}

/** Reads everything that the command names: task, context, schema. */
function readAsk(command: DelegateCommand, shell: Shell): Result<Ask> {
  const task = readText(command.task, shell.cwd);
  if (!task.ok) return task;
  const context: { name: string; text: string }[] = [];
  for (const source of command.context) {
    const text = readText(source, shell.cwd);
    if (!text.ok) return text;
    context.push({ name: nameOf(source), text: text.value });
  }
  const dataSchema = readSchema(command.schemaFile, shell);
  if (!dataSchema.ok) return dataSchema;
  return success({
    agent: command.agent,
    task: task.value,
    context,
    caller: command.caller,
    parentRunId: command.parentRunId,
    runId: command.runId,
    workflowRunId: command.workflowRunId,
    stepId: command.stepId,
    attempts: command.attempts,
    timeoutMs: command.timeoutMs,
    deadlineMs: command.deadlineMs,
    idleTimeoutMs: command.idleTimeoutMs,
    validation: command.validates ? "strict" : "basic",
    dataSchema: dataSchema.value,
    doesDeliver: command.doesDeliver,
    checksHealth: command.checksHealth,
  });
}

/** Reads a JSON Schema from a file; null when none is named. */
export function readSchema(path: string | null, shell: Shell): Result<unknown> {
  if (path === null) return success(null);
  const text = readText({ kind: "file", path }, shell.cwd);
  if (!text.ok) return text;
  try {
    const schema: unknown = JSON.parse(text.value);
    return success(schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure({
      code: "usage",
      message: `${path} is not JSON: ${reason}`,
      hint: "give a JSON Schema (2020-12) as a JSON file",
    });
  }
}

function nameOf(source: TextSource): string {
  return source.kind === "file" ? (source.path.split("/").at(-1) ?? source.path) : "stdin";
}
