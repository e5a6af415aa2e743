import { describe, expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import type { Fact } from "../../src/run/decide/decide.ts";
import { wakeAtMs } from "../../src/run/decide/decide-time.ts";
import { isUnanswered, mayAsk } from "../../src/run/decide/decide-question.ts";
import { hasFallenSilent } from "../../src/run/fallen-silent.ts";
import { attemptsBegun } from "../../src/run/decide/state.ts";
import type { Answer, Question } from "../../src/questions/question.ts";
import { completeHandoff, sampleLimits, sampleRequest, START } from "./samples.ts";
import { Story } from "./story.ts";

function question(number: number, attempt = 1): Question {
  return {
    schema: "delegate.question.v1",
    id: `r1.q${number}`,
    runId: "r1",
    attempt,
    text: `Which ${number}?`,
    options: [],
    allowsFreeText: true,
    askedBy: "lead",
    askedAt: "2026-11-21T12:00:00.000Z",
  };
}

function answer(number: number, kind: Answer["kind"] = "answered"): Fact {
  return {
    kind: "answer",
    answer: {
      schema: "delegate.answer.v1",
      questionId: `r1.q${number}`,
      kind,
      text: kind === "skipped" ? "" : "this",
      by: "anna",
      channel: "terminal",
      onProposalOf: null,
      answeredAt: "2026-11-21T12:01:00.000Z",
    },
  };
}

function asks(attempt: number, ...questions: readonly Question[]): Fact {
  const handoff = { ...completeHandoff, status: "blocked", result: "stuck" } as const;
  return { kind: "file", attempt, reading: { kind: "asks", handoff, questions } };
}

const types = (happenings: readonly RunHappening[]) => happenings.map(({ type }) => type);

describe("a blocked handoff", () => {
  test("with questions has the run ask, and go on when all are closed", () => {
    const story = new Story({ attempts: 1 }).admit(0);
    expect(types(story.tell(1, asks(1, question(1), question(2))))).toEqual([
      "handoff_accepted",
      "question_opened",
      "question_opened",
    ]);
    expect(story.state).toMatchObject({ phase: "asking", attempt: 1, blockedAttempts: [1] });
    expect(isUnanswered(story.state)).toBe(true);
    expect(attemptsBegun(story.state)).toBe(1);
    expect(wakeAtMs(story.state, sampleLimits)).toBeNull();
    expect(hasFallenSilent(story.state, sampleRequest, START + 1e12)).toBe(false);
    expect(story.tell(2, { kind: "time" })).toEqual([]);
    expect(types(story.tell(3, answer(1)))).toEqual(["question_answered"]);
    expect(story.tell(4, answer(1))).toEqual([]);
    expect(story.tell(5, answer(2, "skipped"))).toEqual([
      { type: "question_skipped", questionId: "r1.q2", by: "anna" },
      { type: "attempt_started", attempt: 2 },
    ]);
    expect(story.state.questions).toMatchObject([
      { end: { text: "this", by: "anna" } },
      { end: { text: null, by: "anna" } },
    ]);
  });

  test("does not count against the attempts", () => {
    const story = new Story({ attempts: 2 }).admit(0);
    story.tell(1, asks(1, question(1)));
    story.tell(2, answer(1));
    story.admit(3, 2);
    const happenings = story.tell(400_000, { kind: "time" });
    expect(types(happenings)).toEqual(["attempt_failed", "retry_scheduled"]);
  });

  test("that is read once more changes nothing", () => {
    const story = new Story().admit(0);
    story.tell(1, asks(1, question(1)));
    expect(story.tell(2, asks(1, question(1)))).toEqual([]);
    story.tell(3, answer(1));
    expect(story.tell(4, asks(1, question(1)))).toEqual([]);
    expect(mayAsk(story.state, 1)).toBe(false);
  });

  test("of an attempt that timed out is asked before the next one begins", () => {
    const story = new Story().admit(0);
    story.tell(400_000, { kind: "time" });
    expect(story.state.phase).toBe("resting");
    expect(mayAsk(story.state, 1)).toBe(true);
    story.tell(400_001, asks(1, question(1)));
    expect(story.tell(400_002, answer(1)).at(-1)).toEqual({ type: "attempt_started", attempt: 2 });
  });

  test("of an earlier attempt ends the run while a later one is under way, as it does without questions", () => {
    const story = new Story().admit(0);
    story.tell(400_000, { kind: "time" });
    story.tell(500_000, { kind: "time" });
    expect(mayAsk(story.state, 1)).toBe(false);
    expect(types(story.tell(500_001, asks(1)))).toEqual(["handoff_accepted", "run_ended"]);
  });

  test("has the run wait for what was asked before, from inside the attempt", () => {
    const story = new Story().admit(0);
    story.tell(1, { kind: "question", question: question(1) });
    expect(types(story.tell(2, asks(1)))).toEqual(["handoff_accepted"]);
    expect(story.state).toMatchObject({ phase: "asking", questionIds: ["r1.q1"] });
  });

  test("goes on at once when its questions were known and closed before", () => {
    const story = new Story().admit(0);
    story.tell(1, { kind: "question", question: question(1) });
    story.tell(2, answer(1));
    expect(types(story.tell(3, asks(1, question(1))))).toEqual([
      "handoff_accepted",
      "attempt_started",
    ]);
  });

  test("ends the run when it has asked too often", () => {
    const story = new Story().admit(0);
    for (let round = 1; round <= 5; round += 1) {
      story.tell(2 * round, asks(round, question(round, round)));
      story.tell(2 * round + 1, answer(round));
      story.admit(2 * round + 1, round + 1);
    }
    expect(mayAsk(story.state, 6)).toBe(false);
    expect(story.tell(20, asks(6)).at(-1)).toMatchObject({
      type: "run_ended",
      status: "blocked",
      attempts: 6,
      failure: { message: "lead has asked 5 times already and asks again: stuck" },
    });
  });

  test("whose questions are lost ends the run", () => {
    const story = new Story().admit(0);
    story.apply({ type: "handoff_accepted", attempt: 1, status: "blocked", isLate: false }, 1);
    expect(isUnanswered(story.state)).toBe(false);
    expect(story.tell(2, { kind: "time" })).toMatchObject([
      { type: "run_ended", code: "agent_blocked" },
    ]);
  });

  test("whose answers were written down last goes on with the clock", () => {
    const story = new Story().admit(0);
    story.tell(1, asks(1, question(1)));
    story.apply({ type: "question_skipped", questionId: "r1.q1", by: "anna" }, 2);
    expect(types(story.tell(3, { kind: "time" }))).toEqual(["attempt_started"]);
  });
});

describe("a question from inside an attempt", () => {
  test("is a sign of life, as is its answer", () => {
    const story = new Story().admit(0);
    const fact: Fact = { kind: "question", question: question(1) };
    expect(types(story.tell(5_000, fact))).toEqual(["question_opened"]);
    expect(story.state).toMatchObject({ phase: "waiting", signAtMs: START + 5_000 });
    expect(story.tell(6_000, fact)).toEqual([]);
    story.tell(7_000, answer(1));
    expect(story.state).toMatchObject({ phase: "waiting", signAtMs: START + 7_000 });
  });

  test("is part of what the run waits for when it comes after the handoff", () => {
    const story = new Story().admit(0);
    story.tell(1, asks(1, question(1)));
    story.tell(2, { kind: "question", question: question(2) });
    expect(types(story.tell(3, answer(1)))).toEqual(["question_answered"]);
    expect(types(story.tell(4, answer(2)))).toEqual(["question_answered", "attempt_started"]);
  });

  test("can be proposed to, referred to people and escalated while it is open", () => {
    const story = new Story().admit(0);
    const proposed: Fact = {
      kind: "routed",
      happening: { type: "question_proposed", questionId: "r1.q1", proposal: "x", by: "m" },
    };
    const referred: Fact = {
      kind: "routed",
      happening: { type: "question_referred", questionId: "r1.q1", by: "m", reason: "away" },
    };
    const escalated: Fact = {
      kind: "routed",
      happening: { type: "question_escalated", questionId: "r1.q1", to: "anna" },
    };
    expect(story.tell(1, proposed)).toEqual([]);
    story.tell(2, { kind: "question", question: question(1) });
    story.tell(3, { kind: "question", question: question(2) });
    expect(types(story.tell(4, proposed))).toEqual(["question_proposed"]);
    expect(types(story.tell(5, referred))).toEqual(["question_referred"]);
    expect(types(story.tell(6, escalated))).toEqual(["question_escalated"]);
    expect(story.state.questions).toMatchObject([
      { proposals: 1, isReferred: true, escalations: 1 },
      { proposals: 0, isReferred: false, escalations: 0 },
    ]);
  });

  test("means nothing after the run's end", () => {
    const story = new Story().admit(0);
    story.tell(1, { kind: "question", question: question(1) });
    story.tell(2, { kind: "cancel", by: "anna", reason: null });
    expect(story.tell(3, { kind: "question", question: question(2) })).toEqual([]);
    expect(story.tell(4, answer(1))).toEqual([]);
    expect(mayAsk(story.state, 1)).toBe(false);
    story.apply({ type: "handoff_accepted", attempt: 1, status: "blocked", isLate: true }, 5);
    expect(story.state.phase).toBe("ended");
  });
});
