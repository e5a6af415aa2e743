import { openAgentPorts } from "./local/agent-ports.ts";
import type { Config } from "./config/config.ts";
import { loadConfig } from "./config/load.ts";
import type { RunEvent, Sink } from "./events/event.ts";
import { LogSink } from "./events/log-sink.ts";
import type { Result } from "./failure.ts";
import { success } from "./failure.ts";
import { awaitRun as awaitRunWith, delegateTask } from "./run/delegation.ts";
import type { CommonOptions, DelegateOptions, WaitOptions } from "./library-options.ts";
import { findDelegateProblem, findWaitProblem } from "./option-problem.ts";
import { Leave } from "./run/leave.ts";
import type { Outcome } from "./run/outcome.ts";
import { failureOutcome } from "./run/outcome.ts";
import type { Ask } from "./run/plan.ts";
import type { AgentPorts, RunTools } from "./run/ports.ts";
import { randomBytes } from "./system/random-bytes.ts";
import { monotonicClock } from "./system/monotonic-clock.ts";
import { Turnstile } from "./turnstile.ts";

export type { RunEvent } from "./events/event.ts";
export type { FailureCode, OutcomeStatus, Problem } from "./failure.ts";
export type { Deliverable, Handoff, HandoffQuestion, Usage } from "./handoff/document.ts";
export type { CommonOptions, DelegateOptions, WaitOptions } from "./library-options.ts";
export type { Outcome, OutcomeError } from "./run/outcome.ts";

/**
 * Hands a task to an agent and resolves with its validated result, or with the exact reason why there is none.
 * Expected failures are outcomes with an `error`; it rejects only for a bug.
 */
export async function delegate(options: DelegateOptions): Promise<Outcome> {
  const wrong = findDelegateProblem(options);
  if (wrong !== null) return failureOutcome(wrong, {});
  const leave = await starts.enter();
  try {
    const atStart: Sink = { record: ({ type }) => (isStarted(type) ? leave() : undefined) };
    const tools = toolsFor(options, [atStart]);
    if (!tools.ok) return failureOutcome(tools.failure, { agent: options.agent });
    const goal = options.wait === false ? "sent" : "outcome";
    return await untilLeft(options, (signal) =>
      delegateTask(askOf(options), tools.value, goal, signal),
    );
  } finally {
    leave();
  }
}

/** A thousand runs that begin in the same instant would take far more memory than a thousand that wait. */
const starts = new Turnstile(8);

/** More than a gateway runs agents at once; OpenClaw runs 8. */
const holds = new Turnstile(64);

function isStarted(type: RunEvent["type"]): boolean {
  return type === "attempt_admitted" || type === "retry_scheduled" || type === "run_ended";
}

/** Waits for the outcome of a run that was begun earlier, by any process. */
export async function awaitRun(options: WaitOptions): Promise<Outcome> {
  const wrong = findWaitProblem(options);
  if (wrong !== null) return failureOutcome(wrong, {});
  const { runId, signal } = options;
  const tools = toolsFor(options);
  if (!tools.ok) return failureOutcome(tools.failure, { runId });
  const staysForLate = signal !== undefined;
  return untilLeft(options, (leaving) => awaitRunWith(runId, tools.value, leaving, staysForLate));
}

/** What runs with the same config share: a thousand copies would be most of what they take. */
interface Shared {
  readonly config: Config;
  readonly agents: AgentPorts;
  /** The log of runs whose caller does not want to hear of trouble with it. */
  readonly log: Sink;
}

/** Runs that begin together read the config once. */
const CONFIG_IS_FRESH_MS = 1_000;
const lastRead = new Map<string, { readonly atMs: number; readonly shared: Shared }>();

function sharedFor(explicitPath: string | null): Result<Shared> {
  const cwd = process.cwd();
  const place = JSON.stringify([explicitPath, cwd, process.env["DELEGATE_CONFIG"]]);
  const known = lastRead.get(place);
  const nowMs = monotonicClock.nowMs();
  if (known !== undefined && nowMs - known.atMs < CONFIG_IS_FRESH_MS) return success(known.shared);
  const config = loadConfig({ explicitPath, env: process.env, cwd });
  lastRead.clear();
  if (!config.ok) return config;
  const shared = {
    config: config.value,
    agents: openAgentPorts(config.value, process.env),
    log: new LogSink(config.value.logDir, tellNobody),
  };
  lastRead.set(place, { atMs: nowMs, shared });
  return success(shared);
}

function tellNobody(): void {}

function toolsFor(options: CommonOptions, sinks: readonly Sink[] = []): Result<RunTools> {
  const shared = sharedFor(options.config ?? null);
  if (!shared.ok) return shared;
  const { config, agents, log } = shared.value;
  const warn = options.onWarning ?? tellNobody;
  const listener: readonly Sink[] =
    options.onEvent === undefined ? [] : [{ record: options.onEvent }];
  return success({
    config,
    clock: monotonicClock,
    random: Math.random,
    randomBytes,
    agents,
    holds,
    sinks: [warn === tellNobody ? log : new LogSink(config.logDir, warn), ...listener, ...sinks],
    onQuestion: options.onQuestion ?? "exit",
    warn,
  });
}

function askOf(options: DelegateOptions): Ask {
  return {
    agent: options.agent,
    task: options.task,
    context: options.context ?? [],
    caller: options.caller ?? null,
    parentRunId: options.parentRunId ?? null,
    runId: options.runId ?? null,
    workflowRunId: options.workflowRunId ?? null,
    stepId: options.stepId ?? null,
    attempts: options.attempts ?? null,
    timeoutMs: toMs(options.timeoutSeconds),
    deadlineMs: toMs(options.deadlineSeconds),
    idleTimeoutMs: toMs(options.idleTimeoutSeconds),
    validation: options.validate === false ? "basic" : "strict",
    dataSchema: options.schema ?? null,
    mode: options.mode ?? "write",
    doesDeliver: options.deliver ?? true,
    checksHealth: options.checkHealth ?? true,
  };
}

function toMs(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.round(seconds * 1000);
}

/** Hands on the caller's signal, and takes the hand off it afterwards: one signal may outlive thousands of runs. */
function untilLeft(
  { signal }: CommonOptions,
  work: (leaving: AbortSignal | null) => Promise<Outcome>,
): Promise<Outcome> {
  return signal === undefined ? work(null) : untilAborted(signal, work);
}

async function untilAborted(
  signal: AbortSignal,
  work: (leaving: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(new Leave("aborted"));
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await work(leaving.signal);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
