import { describe, expect, test } from "vitest";
import { buildOutcome, failureOutcome, sentOutcome } from "../../src/run/outcome.ts";
import type { OutcomeFacts } from "../../src/run/outcome.ts";
import { completeHandoff } from "./samples.ts";

const names = { runId: "r1", agent: "lead", workflowRunId: null, stepId: null };
const facts: OutcomeFacts = {
  names,
  status: "complete",
  handoff: completeHandoff,
  attempts: 2,
  latencyMs: 1_234,
  lastWords: "nearly",
  failure: null,
};
const failure = { code: "timeout", message: "too late", hint: "wait" } as const;

describe("the outcome", () => {
  test("of a good run is the handoff, with what is known of the run", () => {
    expect(buildOutcome(facts)).toEqual({
      ...completeHandoff,
      runId: "r1",
      agent: "lead",
      attempts: 2,
      latencyMs: 1_234,
    });
  });

  test("carries the workflow's names when there are some", () => {
    const named = { ...names, workflowRunId: "w1", stepId: "s1" };
    expect(buildOutcome({ ...facts, names: named })).toMatchObject({
      workflowRunId: "w1",
      stepId: "s1",
    });
  });

  test("of a run without a handoff tells why, and the agent's last words", () => {
    expect(buildOutcome({ ...facts, status: "timeout", handoff: null, failure })).toEqual({
      status: "timeout",
      runId: "r1",
      agent: "lead",
      attempts: 2,
      latencyMs: 1_234,
      lastWords: "nearly",
      error: { ...failure, retryable: true },
    });
  });

  test("without a handoff and without words has no words", () => {
    expect(buildOutcome({ ...facts, handoff: null, lastWords: null, failure })).not.toHaveProperty(
      "lastWords",
    );
  });

  test("of a failed agent keeps its handoff beside the error", () => {
    const handoff = { ...completeHandoff, status: "failed" as const, result: "no such plan" };
    const failed = { code: "agent_failed", message: "it failed", hint: "ask" } as const;
    expect(buildOutcome({ ...facts, status: "failed", handoff, failure: failed })).toMatchObject({
      status: "failed",
      result: "no such plan",
      error: { code: "agent_failed", retryable: true },
    });
  });

  test("keeps an agent's own fields, but lets it not speak for us", () => {
    const handoff = Object.assign(structuredClone(completeHandoff), {
      model: "m-1",
      error: { code: "fake" },
      lastWords: "fake",
      workflowRunId: "fake",
      stepId: "fake",
      runId: "fake",
      agent: "fake",
      attempts: -1,
      latencyMs: -1,
    });
    const outcome = buildOutcome({ ...facts, handoff });
    expect(outcome).toMatchObject({ model: "m-1", runId: "r1", agent: "lead", attempts: 2 });
    expect(outcome).not.toHaveProperty("error");
    expect(JSON.stringify(outcome)).not.toContain("fake");
  });

  test("of a run that goes on is short", () => {
    expect(sentOutcome({ ...names, workflowRunId: "w1" })).toEqual({
      status: "sent",
      runId: "r1",
      agent: "lead",
    });
  });

  test("of no run at all has every problem, and the names as far as they are known", () => {
    const problems = [{ at: "/agents", message: "is missing" }];
    const broken = { code: "config_invalid", message: "bad", hint: "fix", problems } as const;
    expect(failureOutcome(broken, {})).toEqual({
      status: "error",
      error: { code: "config_invalid", message: "bad", hint: "fix", retryable: false, problems },
    });
    expect(failureOutcome(failure, names)).toMatchObject({ runId: "r1", agent: "lead" });
  });
});
