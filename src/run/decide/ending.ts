import { toIso } from "../../clock.ts";
import type { RunHappening } from "../../events/event.ts";
import type { Failure } from "../../failure.ts";
import { failureKinds } from "../../failure.ts";
import { decideRetry } from "../../retry.ts";
import type { AttemptSubject } from "../failures/failure-subject.ts";
import type { RunLimits } from "../stored/request.ts";
import type { RunState } from "./state.ts";
import { attemptsBegun } from "./state.ts";

/** What a decision may know besides the state and the fact. */
export interface Surroundings extends AttemptSubject {
  readonly nowMs: number;
  /** From 0 up to 1. */
  readonly random: number;
}

/** When the whole run must be over, or null. */
export function deadlineAtMs(state: RunState, limits: RunLimits): number | null {
  if (limits.deadlineMs === null || state.phase === "ended") return null;
  return state.createdAtMs + limits.deadlineMs;
}

interface Retryability {
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | null;
}

/** An attempt has failed: the next one is scheduled, or the run is over. */
export function failAttempt(
  state: RunState,
  attempt: number,
  failure: Failure,
  around: Surroundings,
  retryability: Retryability = {
    isRetryable: failureKinds[failure.code].isRetryable,
    retryAfterMs: null,
  },
): readonly RunHappening[] {
  const { limits, nowMs, random } = around;
  const failed = { type: "attempt_failed", attempt, failure, ...retryability } as const;
  const decision = decideRetry(
    { attempt, ...retryability, nowMs, deadlineAtMs: deadlineAtMs(state, limits), random },
    {
      attempts: limits.attempts + state.blockedAttempts.length,
      baseMs: limits.retryBaseMs,
      maxMs: limits.retryMaxMs,
    },
  );
  return decision.kind === "again"
    ? [
        failed,
        {
          type: "retry_scheduled",
          attempt: attempt + 1,
          dueAt: toIso(decision.atMs),
        },
      ]
    : [failed, ended(state, failureKinds[failure.code].status, failure, around)];
}

/** The run is over with this failure. */
export function endRun(
  state: RunState,
  failure: Failure,
  around: Pick<Surroundings, "nowMs">,
): readonly RunHappening[] {
  return [ended(state, failureKinds[failure.code].status, failure, around)];
}

/** The end of the run. */
export function ended(
  state: RunState,
  status: (RunHappening & { type: "run_ended" })["status"],
  failure: Failure | null,
  { nowMs }: Pick<Surroundings, "nowMs">,
): RunHappening {
  return {
    type: "run_ended",
    status,
    code: failure?.code ?? null,
    attempts: attemptsBegun(state),
    latencyMs: Math.max(0, Math.round(nowMs - state.createdAtMs)),
    failure,
  };
}
