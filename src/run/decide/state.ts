import type { Failure, OutcomeStatus } from "../../failure.ts";
import type { AgentEnd } from "../../gateway/hook.ts";
import { unreachable } from "../../unreachable.ts";

/** How the run ended, as far as its events tell. */
export interface RunEnd {
  readonly status: OutcomeStatus;
  readonly failure: Failure | null;
  readonly attempts: number;
  readonly latencyMs: number;
}

/** What has become of a question. */
export interface QuestionState {
  readonly id: string;
  readonly attempt: number;
  readonly text: string;
  readonly askedAtMs: number;
  readonly proposals: number;
  /** Whether the foreman could not answer it. */
  readonly isReferred: boolean;
  readonly escalations: number;
  /** How it was closed, with no text when it was skipped; null while it is open. */
  readonly end: { readonly text: string | null; readonly by: string } | null;
}

/** Where a run stands; each phase owns its data. Derived from the run's events alone. */
type RunPhase =
  | { readonly phase: "created" }
  /** An attempt has begun; whether its request has left is told by `isSending`. */
  | {
      readonly phase: "sending";
      readonly attempt: number;
      readonly isSending: boolean;
      readonly sinceMs: number;
    }
  | {
      readonly phase: "waiting";
      readonly attempt: number;
      readonly admittedAtMs: number;
      /** The last sign of life. */
      readonly signAtMs: number;
      /** When and how the agent's own run ended, if the gateway said so. */
      readonly agentEnd: (AgentEnd & { readonly atMs: number }) | null;
    }
  | { readonly phase: "resting"; readonly attempt: number; readonly dueAtMs: number }
  /** The agent has handed over as blocked; its questions must be closed before the next attempt. */
  | {
      readonly phase: "asking";
      /** The latest attempt. */
      readonly attempt: number;
      readonly questionIds: readonly string[];
    }
  | { readonly phase: "ended"; readonly end: RunEnd };

/** A run's state: where it stands, and what later steps need to know of earlier ones. */
export type RunState = RunPhase & {
  readonly createdAtMs: number;
  readonly lastFailure: { readonly attempt: number; readonly failure: Failure } | null;
  /** The agent's last words while it was working. */
  readonly lastWords: string | null;
  /** How far it said it was with them, 0 to 100. */
  readonly lastPercent: number | null;
  /** All questions of the run, in the order in which they were opened. */
  readonly questions: readonly QuestionState[];
  /** The attempts whose handoff was blocked; each allows one attempt more. */
  readonly blockedAttempts: readonly number[];
};

/** The same for all runs, of which thousands may wait. */
const none: readonly never[] = [];

/** The state before anything has happened. */
export function newRunState(createdAtMs: number): RunState {
  return {
    phase: "created",
    createdAtMs,
    lastFailure: null,
    lastWords: null,
    lastPercent: null,
    questions: none,
    blockedAttempts: none,
  };
}

/** The questions that are still open. */
export function openQuestionsOf({ questions }: RunState): readonly QuestionState[] {
  return questions.filter(({ end }) => end === null);
}

/** How many attempts have begun. */
export function attemptsBegun(state: RunState): number {
  switch (state.phase) {
    case "created":
      return 0;
    case "sending":
    case "waiting":
    case "asking":
      return state.attempt;
    case "resting":
      return state.attempt - 1;
    case "ended":
      return state.end.attempts;
    default:
      return unreachable(state);
  }
}
