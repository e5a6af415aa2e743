import { toIso } from "../../clock.ts";
import type { Failure, OutcomeStatus } from "../../failure.ts";
import type { RunRequest } from "./request.ts";
import { firstWords } from "./request.ts";
import type { RunState } from "../decide/state.ts";
import { attemptsBegun } from "../decide/state.ts";

/** `run.json`: a run at a glance. A projection of its events, made anew at every turn of the run. */
export interface RunRecord {
  readonly schema: "delegate.run.v1";
  readonly runId: string;
  readonly agent: string;
  readonly caller: string | null;
  readonly parentRunId: string | null;
  readonly workflowRunId: string | null;
  readonly stepId: string | null;
  /** The beginning of the task, on one line. */
  readonly task: string;
  readonly phase: RunState["phase"];
  /** How the run ended, or null while it goes on. */
  readonly status: OutcomeStatus | null;
  readonly attempts: number;
  readonly attemptsInAll: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
  readonly latencyMs: number | null;
  readonly failure: Failure | null;
  readonly lastWords: string | null;
}

/** The record of a run in a given state. */
export function projectRecord(request: RunRequest, state: RunState, nowMs: number): RunRecord {
  const end = state.phase === "ended" ? state.end : null;
  return {
    schema: "delegate.run.v1",
    runId: request.runId,
    agent: request.agent,
    caller: request.caller,
    parentRunId: request.parentRunId,
    workflowRunId: request.workflowRunId,
    stepId: request.stepId,
    task: firstWords(request.task),
    phase: state.phase,
    status: end?.status ?? null,
    attempts: attemptsBegun(state),
    attemptsInAll: Math.max(request.limits.attempts, attemptsBegun(state)),
    createdAt: toIso(state.createdAtMs),
    updatedAt: toIso(nowMs),
    endedAt: end === null ? null : toIso(nowMs),
    latencyMs: end?.latencyMs ?? null,
    failure: end?.failure ?? null,
    lastWords: state.lastWords,
  };
}
