import { describe, expect, test } from "vitest";
import { projectRecord } from "../../src/run/stored/record.ts";
import { creationOf, firstWords } from "../../src/run/stored/request.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import { sampleRequest, START } from "./samples.ts";

const failure = { code: "timeout", message: "too late", hint: "wait" } as const;

describe("run.json", () => {
  test("tells of a run that goes on", () => {
    const state = applyHappening(
      newRunState(START),
      { type: "attempt_started", attempt: 1 },
      START + 1,
    );
    expect(projectRecord(sampleRequest, state, START + 2)).toEqual({
      schema: "delegate.run.v1",
      runId: "r1",
      agent: "lead",
      caller: "manager",
      parentRunId: "r0",
      workflowRunId: "w1",
      stepId: "s1",
      task: "Review the plan. All of it.",
      phase: "sending",
      status: null,
      attempts: 1,
      attemptsInAll: 2,
      createdAt: "2026-11-21T12:00:00.000Z",
      updatedAt: "2026-11-21T12:00:00.002Z",
      endedAt: null,
      latencyMs: null,
      failure: null,
      lastWords: null,
    });
  });

  test("tells how a run ended", () => {
    const state = applyHappening(
      newRunState(START),
      { type: "run_ended", status: "timeout", code: "timeout", attempts: 2, latencyMs: 9, failure },
      START,
    );
    expect(projectRecord(sampleRequest, state, START + 9)).toMatchObject({
      phase: "ended",
      status: "timeout",
      attempts: 2,
      endedAt: "2026-11-21T12:00:00.009Z",
      latencyMs: 9,
      failure,
    });
  });
});

test("the first event names who asked whom for what", () => {
  expect(creationOf(sampleRequest)).toEqual({
    type: "run_created",
    agent: "lead",
    caller: "manager",
    parentRunId: "r0",
    workflowRunId: "w1",
    stepId: "s1",
    attemptsInAll: 2,
    task: "Review the plan. All of it.",
  });
});

test.each([
  ["a short text", "a short text"],
  ["  two\n\n lines\t", "two lines"],
  ["x".repeat(120), "x".repeat(120)],
  ["x".repeat(121), `${"x".repeat(119)}…`],
  ["x".repeat(5_000_000), `${"x".repeat(119)}…`],
])("a task's first words stay on one line of 120 letters (%#)", (text, words) => {
  expect(firstWords(text)).toBe(words);
});
