import type { RunHappening } from "../events/event.ts";
import type { Failure, OutcomeStatus } from "../failure.ts";
import type { CompletionStatus } from "../hook.ts";
import { unreachable } from "../unreachable.ts";

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
      readonly agentEnd: { readonly atMs: number; readonly completion: CompletionStatus } | null;
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

/** The state before anything has happened. */
export function newRunState(createdAtMs: number): RunState {
  return {
    phase: "created",
    createdAtMs,
    lastFailure: null,
    lastWords: null,
    lastPercent: null,
    questions: [],
    blockedAttempts: [],
  };
}

/** The state after one more thing has happened. */
export function applyHappening(state: RunState, happening: RunHappening, atMs: number): RunState {
  const { createdAtMs, lastFailure, lastWords, lastPercent, questions, blockedAttempts } = state;
  const kept = { createdAtMs, lastFailure, lastWords, lastPercent, questions, blockedAttempts };
  switch (happening.type) {
    case "run_created":
      return newRunState(atMs);
    case "attempt_started":
      return {
        ...kept,
        phase: "sending",
        attempt: happening.attempt,
        isSending: false,
        sinceMs: atMs,
      };
    case "attempt_sending":
      return {
        ...kept,
        phase: "sending",
        attempt: happening.attempt,
        isSending: true,
        sinceMs: atMs,
      };
    case "attempt_admitted":
      return {
        ...kept,
        phase: "waiting",
        attempt: happening.attempt,
        admittedAtMs: atMs,
        signAtMs: atMs,
        agentEnd: null,
      };
    case "agent_working": {
      const { text, percent } = happening;
      const heard = { ...state, lastWords: text, lastPercent: percent };
      return heard.phase === "waiting" ? { ...heard, signAtMs: atMs } : heard;
    }
    case "agent_active":
      return state.phase === "waiting" ? { ...state, signAtMs: atMs } : state;
    case "agent_ended":
      return state.phase === "waiting"
        ? { ...state, agentEnd: { atMs, completion: happening.completion } }
        : state;
    case "attempt_failed":
      return { ...state, lastFailure: { attempt: happening.attempt, failure: happening.failure } };
    case "retry_scheduled":
      return {
        ...kept,
        phase: "resting",
        attempt: happening.attempt,
        dueAtMs: Date.parse(happening.dueAt),
      };
    case "run_ended":
      return { ...kept, phase: "ended", end: happening };
    case "question_opened":
      return openQuestion(state, happening, atMs);
    case "question_proposed":
      return changeQuestion(state, happening.questionId, ({ proposals }) => ({
        proposals: proposals + 1,
      }));
    case "question_referred":
      return changeQuestion(state, happening.questionId, () => ({ isReferred: true }));
    case "question_escalated":
      return changeQuestion(state, happening.questionId, ({ escalations }) => ({
        escalations: escalations + 1,
      }));
    case "question_answered": {
      const end = { text: happening.answer, by: happening.by };
      return withSign(
        changeQuestion(state, happening.questionId, () => ({ end })),
        atMs,
      );
    }
    case "question_skipped": {
      const end = { text: null, by: happening.by };
      return withSign(
        changeQuestion(state, happening.questionId, () => ({ end })),
        atMs,
      );
    }
    case "handoff_accepted":
      return happening.status === "blocked" && state.phase !== "ended"
        ? beginAsking(state, happening.attempt)
        : state;
    case "connection_lost":
    case "driver_left":
    case "driver_took_over":
      return state;
    default:
      return unreachable(happening);
  }
}

/** The questions that are still open. */
export function openQuestionsOf({ questions }: RunState): readonly QuestionState[] {
  return questions.filter(({ end }) => end === null);
}

function beginAsking(state: RunState, blockedAttempt: number): RunState {
  const { createdAtMs, lastFailure, lastWords, lastPercent, questions } = state;
  const asked = openQuestionsOf(state).filter(({ attempt }) => attempt === blockedAttempt);
  return {
    createdAtMs,
    lastFailure,
    lastWords,
    lastPercent,
    questions,
    blockedAttempts: [...state.blockedAttempts, blockedAttempt],
    phase: "asking",
    attempt: attemptsBegun(state),
    questionIds: asked.map(({ id }) => id),
  };
}

function openQuestion(
  state: RunState,
  { questionId: id, attempt, text }: RunHappening & { type: "question_opened" },
  atMs: number,
): RunState {
  const question = {
    id,
    attempt,
    text,
    askedAtMs: atMs,
    proposals: 0,
    isReferred: false,
    escalations: 0,
    end: null,
  };
  const opened = withSign({ ...state, questions: [...state.questions, question] }, atMs);
  return opened.phase === "asking" && attempt === opened.blockedAttempts.at(-1)
    ? { ...opened, questionIds: [...opened.questionIds, id] }
    : opened;
}

function changeQuestion(
  state: RunState,
  questionId: string,
  change: (question: QuestionState) => Partial<QuestionState>,
): RunState {
  const questions = state.questions.map((question) =>
    question.id === questionId ? { ...question, ...change(question) } : question,
  );
  return { ...state, questions };
}

/** Who asks is alive, and who has just got an answer needs time to use it. */
function withSign(state: RunState, atMs: number): RunState {
  return state.phase === "waiting" ? { ...state, signAtMs: atMs } : state;
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
