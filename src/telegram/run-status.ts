import type { RunEvent } from "../events/event.ts";

/** How a run ended. */
export type RunEnding = Extract<RunEvent, { type: "run_ended" }>;

/** What a run is doing. */
export type RunPhase =
  | { readonly kind: "starting" }
  | { readonly kind: "sending" }
  | { readonly kind: "waiting"; readonly sinceMs: number }
  | {
      readonly kind: "working";
      readonly sinceMs: number;
      readonly words: string;
      readonly percent: number | null;
    }
  | { readonly kind: "trying_again"; readonly dueAtMs: number | null; readonly reason: string }
  | { readonly kind: "ended"; readonly ending: RunEnding };

/** What Telegram shows of a run. */
export interface RunStatus {
  readonly runId: string;
  readonly agent: string;
  readonly task: string;
  /** The latest attempt; 0 before the first. */
  readonly attempt: number;
  readonly attemptsInAll: number;
  readonly phase: RunPhase;
  readonly openQuestions: readonly { readonly id: string; readonly text: string }[];
  /** Whether a process waits for the run. */
  readonly isWatched: boolean;
}

/** The status of a run of which nothing is known yet. */
export function newRunStatus(runId: string): RunStatus {
  return {
    runId,
    agent: "agent",
    task: "",
    attempt: 0,
    attemptsInAll: 1,
    phase: { kind: "starting" },
    openQuestions: [],
    isWatched: true,
  };
}

/** The status after one more event. */
export function applyToStatus(status: RunStatus, event: RunEvent): RunStatus {
  switch (event.type) {
    case "run_created":
      return {
        ...status,
        agent: event.agent,
        task: event.task,
        attemptsInAll: event.attemptsInAll,
      };
    case "attempt_started":
      return { ...status, attempt: event.attempt, phase: { kind: "starting" } };
    case "attempt_sending":
      return { ...status, attempt: event.attempt, phase: { kind: "sending" } };
    case "attempt_admitted":
      return { ...status, phase: { kind: "waiting", sinceMs: Date.parse(event.at) } };
    case "agent_working":
      return { ...status, phase: workingPhase(status.phase, event) };
    case "attempt_failed":
      return event.isRetryable
        ? { ...status, phase: tryingAgain(null, event.failure.message) }
        : status;
    case "retry_scheduled": {
      const reason = status.phase.kind === "trying_again" ? status.phase.reason : "";
      const dueAtMs = Date.parse(event.dueAt);
      return { ...status, attempt: event.attempt, phase: tryingAgain(dueAtMs, reason) };
    }
    case "run_ended":
      return { ...status, phase: { kind: "ended", ending: event } };
    case "driver_left":
      return { ...status, isWatched: false };
    case "driver_took_over":
      return { ...status, isWatched: true };
    case "question_opened": {
      const question = { id: event.questionId, text: event.text };
      return { ...status, openQuestions: [...without(status, event.questionId), question] };
    }
    case "question_answered":
    case "question_skipped":
      return { ...status, openQuestions: without(status, event.questionId) };
    default:
      return status;
  }
}

function workingPhase(
  phase: RunPhase,
  event: Extract<RunEvent, { type: "agent_working" }>,
): RunPhase {
  const hasBegun = phase.kind === "waiting" || phase.kind === "working";
  return {
    kind: "working",
    sinceMs: hasBegun ? phase.sinceMs : Date.parse(event.at),
    words: event.text,
    percent: event.percent,
  };
}

function tryingAgain(dueAtMs: number | null, reason: string): RunPhase {
  return { kind: "trying_again", dueAtMs, reason };
}

function without({ openQuestions }: RunStatus, id: string): RunStatus["openQuestions"] {
  return openQuestions.filter((question) => question.id !== id);
}
