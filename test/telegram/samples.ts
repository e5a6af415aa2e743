import type { Clock } from "../../src/clock.ts";
import type { Proposal, Question } from "../../src/questions/question.ts";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import type { AskedQuestion } from "../../src/telegram/asked-question.ts";
import { Secret } from "../../src/secret.ts";
import type { Pace } from "../../src/telegram/next-call.ts";
import type { TelegramSettings } from "../../src/telegram/settings.ts";
import { TOKEN } from "./bot-api.ts";

export const START = Date.parse("2026-11-21T12:00:00.000Z");

export const RUN = "01m7ymwpjznfpshsmvzcsdm2be";

/** A pace at which nobody waits in a test. */
export const quickPace: Pace = {
  editMs: 40,
  refreshMs: 10_000,
  firstBackoffMs: 20,
  longestBackoffMs: 40,
};

export const steadyClock: Clock = { nowMs: () => performance.timeOrigin + performance.now() };

export function settingsFor(
  apiRoot: string,
  change: Partial<TelegramSettings> = {},
): TelegramSettings {
  return {
    token: new Secret(TOKEN),
    apiRoot,
    chatId: -100_500,
    threadId: null,
    allowedChats: [-100_500],
    ...change,
  };
}

/** The events of a run, numbered, each with its instant in seconds after the start. */
export function eventsOf(
  happenings: readonly (readonly [number, RunHappening])[],
  startMs = START,
): readonly RunEvent[] {
  return happenings.map(([seconds, happening], index) => ({
    seq: index + 1,
    at: new Date(startMs + seconds * 1_000).toISOString(),
    runId: RUN,
    ...happening,
  }));
}

export const created: Extract<RunHappening, { type: "run_created" }> = {
  type: "run_created",
  agent: "tech-lead",
  caller: null,
  parentRunId: null,
  workflowRunId: null,
  stepId: null,
  attemptsInAll: 3,
  task: "Review the plan.",
};

export function sendingOf(attempt: number): RunHappening {
  return { type: "attempt_sending", attempt, idempotencyKey: `${RUN}.${attempt}`, bodyBytes: 10 };
}

export function admittedOf(attempt: number): RunHappening {
  return { type: "attempt_admitted", attempt, gatewayRunId: null, isIdempotent: false };
}

export function failedOf(attempt: number): Extract<RunHappening, { type: "attempt_failed" }> {
  return {
    type: "attempt_failed",
    attempt,
    failure: { code: "timeout", message: "no handoff within 300 s", hint: "Wait longer." },
    isRetryable: true,
    retryAfterMs: null,
  };
}

export const completed: Extract<RunHappening, { type: "run_ended" }> = {
  type: "run_ended",
  status: "complete",
  code: null,
  attempts: 1,
  latencyMs: 72_000,
  failure: null,
};

export function questionOf(change: Partial<Question> = {}): Question {
  return {
    schema: "delegate.question.v1",
    id: `${RUN}.q1`,
    runId: RUN,
    attempt: 1,
    text: "Which database?",
    options: ["Postgres", "SQLite"],
    allowsFreeText: true,
    askedBy: "tech-lead",
    askedAt: new Date(START).toISOString(),
    ...change,
  };
}

export const sampleProposal: Proposal = {
  schema: "delegate.proposal.v1",
  questionId: `${RUN}.q1`,
  number: 1,
  text: "SQLite",
  reason: "One file is enough.",
  isSure: false,
  by: "manager",
  discussion: null,
  proposedAt: new Date(START).toISOString(),
};

/** A question as it was put to people; nothing about it can be found on disk. */
export function askedOf(change: Partial<AskedQuestion> = {}): AskedQuestion {
  return {
    schema: "delegate.telegram-question.v1",
    key: "0123456789abcdef",
    question: questionOf(),
    proposal: null,
    runFolder: "/nowhere/run",
    configPath: "/nowhere/delegate.config.json",
    place: null,
    ...change,
  };
}
