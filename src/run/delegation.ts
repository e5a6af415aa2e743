import { existsSync } from "node:fs";
import type { Agent } from "../config/config.ts";
import { agentInMode } from "../config/read-only.ts";
import type { LeaveReason, RunEvent } from "../events/event.ts";
import type { Failure, Problem, Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import type { Expectation } from "../handoff/check.ts";
import type { RunPaths } from "../handoff/paths.ts";
import { runPaths } from "../handoff/paths.ts";
import { isUnanswered } from "./decide-question.ts";
import { drive } from "./driver.ts";
import * as words from "./failures.ts";
import { followRun } from "./follow.ts";
import { newRunId, RUN_ID_RANDOM_BYTES } from "./ids.ts";
import { readEvents, replay } from "./history.ts";
import { Journal } from "./journal.ts";
import { leaveReasonOf } from "./leave.ts";
import type { Outcome } from "./outcome.ts";
import { failureOutcome, sentOutcome } from "./outcome.ts";
import { takeOver, thisProcess } from "./ownership.ts";
import type { Ask, RunPlan } from "./plan.ts";
import { agentUnknown, cannotOnlyRead, findIdProblem, findRunIdProblem, planRun } from "./plan.ts";
import type { RunTools } from "./ports.ts";
import { readAnswer } from "./question-files.ts";
import type { RunRequest } from "./request.ts";
import { creationOf } from "./request.ts";
import { createRun, readRequest, storageFailure } from "./run-folder.ts";
import { askedOutcome, endedOutcome, mayStillCome } from "./stored-outcome.ts";
import { openQuestionsOf } from "./state.ts";
import type { RunState } from "./state.ts";

/** Whether to stay for the outcome, or only until the task is with the agent. */
export type Goal = "outcome" | "sent";

/** Plans a delegation: reads the runs above it, checks the schema; does and writes nothing. */
export async function prepare(ask: Ask, tools: RunTools): Promise<Result<RunPlan>> {
  const checked = await compileDataCheck(ask.dataSchema);
  if (!checked.ok) return checked;
  const above = ask.isAppointed === true ? null : ask.parentRunId;
  const chain = readChain(above, tools.config.handoffDir, tools.config.maxDepth);
  if (!chain.ok) return chain;
  const nowMs = tools.clock.nowMs();
  const { agents, canOnlyRead } = chain.value;
  return planRun(canOnlyRead ? { ...ask, mode: "plan" } : ask, tools.config, {
    newRunId: newRunId(nowMs, tools.randomBytes(RUN_ID_RANDOM_BYTES)),
    nowMs,
    createdBy: thisProcess(),
    chain: agents,
  });
}

/** One delegation, whole. The same run id again returns the stored outcome, or joins the run in flight. */
export async function delegateTask(
  ask: Ask,
  tools: RunTools,
  goal: Goal,
  signal: AbortSignal,
): Promise<Outcome> {
  const planned = await prepare(ask, tools);
  const named = { agent: ask.agent, ...(ask.runId === null ? {} : { runId: ask.runId }) };
  if (!planned.ok) return failureOutcome(planned.failure, named);
  const { request, agent } = planned.value;
  const paths = runPaths(tools.config.handoffDir, request.runId);
  const created = createRun(paths, request);
  if (!created.ok) return failureOutcome(created.failure, request);
  if (created.value === "created") {
    const run: OpenRun = { request, paths, agent, tools };
    return driveTo(goal, run, 1, signal, false);
  }
  const existing = readRequest(paths);
  if (!existing.ok) return failureOutcome(existing.failure, request);
  if (existing.value === null) return failureOutcome(words.folderGone(subjectOf(request)), request);
  const conflict = findConflict(existing.value, request);
  if (conflict !== null) return failureOutcome(conflict, request);
  return join({ request: existing.value, paths, agent, tools }, goal, signal, false);
}

/** Waits for the outcome of a run that was begun earlier, also by another process that may be dead by now. */
export async function awaitRun(
  runId: string,
  tools: RunTools,
  signal: AbortSignal,
  staysForLate: boolean,
): Promise<Outcome> {
  const wrong = findRunIdProblem(runId);
  if (wrong !== null) return failureOutcome(wrong, {});
  const paths = runPaths(tools.config.handoffDir, runId);
  const read = readRequest(paths);
  if (!read.ok) return failureOutcome(read.failure, { runId });
  if (read.value === null)
    return failureOutcome(runUnknown(runId, tools.config.handoffDir), { runId });
  const request = read.value;
  const known = tools.config.agents[request.agent];
  const agent = known === undefined ? null : agentInMode(known, request.mode ?? "write");
  if (agent === null) {
    const state = replay(request, readEvents(paths.events).events);
    const reason =
      known === undefined ? agentUnknown(request.agent, tools.config) : cannotOnlyRead(known);
    return state.phase === "ended"
      ? endedOutcome({ request, paths }, state.end)
      : failureOutcome(reason, request);
  }
  return join({ request, paths, agent, tools }, "outcome", signal, staysForLate);
}

/** The failure for an id that no run has. */
export function runUnknown(runId: string, handoffDir: string): Failure {
  return {
    code: "run_unknown",
    message: `there is no run ${runId} in ${handoffDir}`,
    hint: "delegate list shows the newest runs",
  };
}

interface OpenRun {
  readonly request: RunRequest;
  readonly paths: RunPaths;
  readonly agent: Agent;
  readonly tools: RunTools;
}

/** How long another process gets to find the late answer of a run that has ended. */
const LATE_LOOK_MS = 1_000;

/** Follows the run's driver while there is one, and becomes the driver when there is none. */
async function join(
  run: OpenRun,
  goal: Goal,
  signal: AbortSignal,
  staysForLate: boolean,
): Promise<Outcome> {
  const { paths, request, tools } = run;
  const isEnough = (state: RunState): boolean =>
    state.phase === "ended"
      ? !mayStillCome(state.end)
      : goal === "sent" && state.phase === "waiting";
  let hasAskedLatecomers = false;
  for (;;) {
    if (signal.aborted) return leftOutcome(run, leaveReasonOf(signal));
    if (!existsSync(paths.request))
      return failureOutcome(words.folderGone(subjectOf(request)), request);
    const { events } = readEvents(paths.events);
    const state = replay(request, events);
    if (isEnough(state))
      return state.phase === "ended" ? endedOutcome(run, state.end) : sentOutcome(request);
    const taken = tryToTakeOver(run, events);
    if (taken.ok && taken.value !== null)
      return driveTo(goal, run, taken.value, signal, staysForLate);
    if (state.phase === "ended" && (!taken.ok || hasAskedLatecomers))
      return endedOutcome(run, state.end);
    if (!taken.ok) return failureOutcome(taken.failure, request);
    if (asksInVain(run, state)) return askedOutcome(run, state, tools.clock.nowMs(), null);
    hasAskedLatecomers = state.phase === "ended" && !staysForLate;
    const patience = hasAskedLatecomers
      ? AbortSignal.any([signal, AbortSignal.timeout(LATE_LOOK_MS)])
      : signal;
    const isNews = (now: RunState): boolean => isEnough(now) || asksInVain(run, now);
    await followRun(paths, request, isNews, tools.clock, patience);
  }
}

/** Whether somebody else's run waits for people, for whom this process does not wait. */
function asksInVain({ paths, tools }: OpenRun, state: RunState): boolean {
  if (tools.onQuestion === "wait" || !isUnanswered(state)) return false;
  return openQuestionsOf(state).some(({ id }) => readAnswer(paths, id) === null);
}

function tryToTakeOver(
  { paths, request, tools }: OpenRun,
  events: readonly RunEvent[],
): Result<number | null> {
  try {
    return success(takeOver(paths, request, events, tools.clock.nowMs()));
  } catch (error) {
    return failure(storageFailure(paths.folder, error));
  }
}

async function driveTo(
  goal: Goal,
  run: OpenRun,
  generation: number,
  signal: AbortSignal,
  staysForLate: boolean,
): Promise<Outcome> {
  const { request, agent, tools } = run;
  const checked = await compileDataCheck(request.dataSchema);
  if (!checked.ok) return failureOutcome(checked.failure, request);
  const opened = openJournal(run, generation);
  if (!opened.ok) return failureOutcome(opened.failure, request);
  const journal = opened.value;
  if (journal.isEmpty) journal.record(creationOf(request));
  if (generation > 1) journal.record({ type: "driver_took_over", generation });
  const expectation: Expectation = {
    runId: request.runId,
    agent: request.agent,
    validation: request.validation,
    checkData: checked.value,
  };
  try {
    const until = goal === "outcome" ? "ended" : "admitted";
    const end = await drive({
      journal,
      agent,
      expectation,
      tools,
      until,
      staysForLate,
      askForeman: (ask, leaving) => delegateTask(ask, foremanTools(tools), "outcome", leaving),
      signal,
    });
    const { state } = journal;
    if (state.phase === "ended") return endedOutcome(run, state.end, journal.handoff);
    if (end.kind === "left" && end.reason === "asking")
      return askedOutcome(run, state, tools.clock.nowMs(), journal.handoff);
    if (end.kind === "left" && end.reason !== "not_waiting") return leftOutcome(run, end.reason);
    return sentOutcome(request);
  } finally {
    journal.close();
  }
}

/** A foreman that asks in its turn would have nobody to ask. */
function foremanTools(tools: RunTools): RunTools {
  return { ...tools, onQuestion: "refuse" };
}

function openJournal({ request, paths, tools }: OpenRun, generation: number): Result<Journal> {
  const warn = onlyOnce(tools.warn);
  const onTrouble = (error: unknown): void => warn(storageFailure(paths.folder, error).message);
  const { clock, sinks } = tools;
  try {
    return success(new Journal({ request, paths, generation, clock, sinks, onTrouble }));
  } catch (error) {
    return failure(storageFailure(paths.events, error));
  }
}

/** The outcome when this process leaves, and the run goes on. */
function leftOutcome(run: OpenRun, reason: LeaveReason): Outcome {
  return failureOutcome(words.left(subjectOf(run.request), reason), run.request);
}

function findConflict(existing: RunRequest, asked: RunRequest): Failure | null {
  const differs = (["agent", "task", "mode"] as const).find((key) => existing[key] !== asked[key]);
  if (differs === undefined) return null;
  return {
    code: "run_conflict",
    message: `run ${asked.runId} exists already, with another ${differs}`,
    hint: `choose another --run-id, or see what it is: delegate show ${asked.runId}`,
  };
}

/** What is known of the runs above. */
interface Chain {
  /** Outermost first. */
  readonly agents: readonly string[];
  /** Whether one of them may only read: then nothing below it may do more. */
  readonly canOnlyRead: boolean;
}

/** Read upwards until the top, or until it is too deep anyway. */
function readChain(
  parentRunId: string | null,
  handoffDir: string,
  maxDepth: number,
): Result<Chain> {
  const agents: string[] = [];
  let canOnlyRead = false;
  let above = parentRunId;
  while (above !== null && agents.length <= maxDepth) {
    const wrong = findIdProblem(above, "parent run");
    if (wrong !== null) return failure(wrong);
    const read = readRequest(runPaths(handoffDir, above));
    if (!read.ok) return read;
    if (read.value === null) {
      const { code, message } = runUnknown(above, handoffDir);
      return failure({
        code,
        message: `the parent run is not known: ${message}`,
        hint: "correct --parent, or unset DELEGATE_PARENT_RUN",
      });
    }
    agents.unshift(read.value.agent);
    canOnlyRead ||= read.value.mode === "plan";
    above = read.value.parentRunId;
  }
  return success({ agents, canOnlyRead });
}

type DataCheck = (data: unknown) => readonly Problem[];

async function compileDataCheck(dataSchema: unknown): Promise<Result<DataCheck | null>> {
  if (dataSchema === null) return success(null);
  const { compileDataSchema } = await import("../handoff/data-schema.ts");
  return compileDataSchema(dataSchema);
}

function subjectOf(request: RunRequest): words.RunSubject {
  return { runId: request.runId, agent: request.agent, gatewayName: "", limits: request.limits };
}

function onlyOnce(warn: (message: string) => void): (message: string) => void {
  let hasWarned = false;
  return (message) => {
    if (!hasWarned) warn(message);
    hasWarned = true;
  };
}
