import { describe, expect, test } from "vitest";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { happeningTypes } from "../../src/events/event.ts";
import { describeEvent } from "../../src/events/wording.ts";

const failure = { code: "timeout", message: "too late", hint: "wait" } as const;
const created = {
  type: "run_created",
  agent: "lead",
  caller: null,
  parentRunId: null,
  workflowRunId: null,
  stepId: null,
  attemptsInAll: 2,
  task: "Review the plan.",
} as const;
const ended = {
  type: "run_ended",
  status: "complete",
  code: null,
  attempts: 1,
  latencyMs: 1_234,
  failure: null,
} as const;
const failed = {
  type: "attempt_failed",
  attempt: 1,
  failure,
  isRetryable: true,
  retryAfterMs: null,
} as const;
const scheduled = {
  type: "retry_scheduled",
  attempt: 2,
  dueAt: "2026-11-21T12:00:03.000Z",
} as const;
const accepted = {
  type: "handoff_accepted",
  attempt: 1,
  status: "complete",
  isLate: false,
} as const;

function event(happening: RunHappening): RunEvent {
  return { seq: 1, at: "2026-11-21T12:00:00.000Z", runId: "r1", ...happening };
}

const sentences: readonly (readonly [RunHappening, string])[] = [
  [created, "run for lead: Review the plan."],
  [{ ...created, caller: "manager" }, "run for lead, asked by manager: Review the plan."],
  [{ type: "attempt_started", attempt: 1 }, "attempt 1 begins"],
  [
    { type: "attempt_sending", attempt: 1, idempotencyKey: "r1.1", bodyBytes: 900 },
    "attempt 1: sending 900 bytes",
  ],
  [
    { type: "attempt_admitted", attempt: 1, gatewayRunId: "gw-1", isIdempotent: true },
    "attempt 1: the gateway has the task",
  ],
  [
    { type: "agent_working", attempt: 1, text: "", percent: null },
    "attempt 1: the agent is working",
  ],
  [
    { type: "agent_working", attempt: 1, text: "half", percent: null },
    "attempt 1: the agent is working: half",
  ],
  [
    { type: "agent_working", attempt: 1, text: "half", percent: 45.4 },
    "attempt 1: the agent is working: 45 %: half",
  ],
  [
    { type: "agent_working", attempt: 1, text: "", percent: 0 },
    "attempt 1: the agent is working: 0 %",
  ],
  [{ type: "agent_active", attempt: 1 }, "attempt 1: the agent is writing"],
  [
    { type: "agent_ended", attempt: 1, completion: "ok" },
    "attempt 1: the agent's own run ended (ok)",
  ],
  [
    { type: "agent_ended", attempt: 1, completion: "error", handoffError: "no space left" },
    "attempt 1: the agent's own run ended (error), and its handoff could not be written: no space left",
  ],
  [
    { type: "connection_lost", attempt: 1, reason: "reset" },
    "attempt 1: connection to the gateway lost (reset); watching the file",
  ],
  [failed, "attempt 1 failed: too late"],
  [scheduled, "attempt 2 is due at 2026-11-21T12:00:03.000Z"],
  [accepted, "attempt 1: handoff accepted (complete)"],
  [{ ...accepted, isLate: true }, "attempt 1: handoff accepted (complete, late)"],
  [
    {
      type: "question_opened",
      questionId: "r1.q1",
      attempt: 1,
      text: "Which?",
      options: [],
      freeText: true,
      askedBy: "lead",
    },
    "lead asks (r1.q1): Which?",
  ],
  [
    { type: "question_proposed", questionId: "r1.q1", proposal: "This.", by: "manager" },
    "manager proposes an answer to r1.q1: This.",
  ],
  [
    { type: "question_referred", questionId: "r1.q1", by: "manager", reason: "no idea" },
    "manager could not answer r1.q1: no idea",
  ],
  [
    { type: "question_escalated", questionId: "r1.q1", to: "anna" },
    "r1.q1 is still open and goes to anna",
  ],
  [
    {
      type: "question_answered",
      questionId: "r1.q1",
      answer: "That.",
      by: "anna",
      channel: "terminal",
      onProposalOf: null,
    },
    "anna answered r1.q1: That.",
  ],
  [
    {
      type: "question_answered",
      questionId: "r1.q1",
      answer: "This.",
      by: "anna",
      channel: "telegram",
      onProposalOf: "manager",
    },
    "anna answered r1.q1: This. (proposed by manager)",
  ],
  [{ type: "question_skipped", questionId: "r1.q1", by: "anna" }, "anna skipped r1.q1"],
  [ended, "ended: complete after 1 attempt, 1234 ms"],
  [
    { ...ended, status: "timeout", code: "timeout", attempts: 2, failure },
    "ended: timeout after 2 attempts, 1234 ms",
  ],
  [
    { type: "driver_left", generation: 1, reason: "interrupted" },
    "no longer watched here (interrupted)",
  ],
  [{ type: "driver_took_over", generation: 2 }, "watched again, by another process"],
];

describe("each event is told in one sentence", () => {
  test.each(sentences)("%j", (happening, sentence) => {
    expect(describeEvent(event(happening))).toBe(sentence);
  });

  test("and none is left out", () => {
    const told = new Set(sentences.map(([{ type }]) => type));
    expect([...told].sort()).toEqual(Object.keys(happeningTypes).sort());
  });
});

test("an event that nobody thought of is told as a bug", () => {
  const odd: RunEvent = JSON.parse('{"type":"odd"}');
  expect(() => describeEvent(odd)).toThrow(/unexpected case: .*odd/);
});
