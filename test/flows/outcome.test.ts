import { describe, expect, test } from "vitest";
import { stateOf } from "./flat-state.ts";
import type { FlowEnd } from "../../src/flows/flow-run.ts";
import { exitCodeOfEnd, exitCodeOfFlow, flowOutcomeOf } from "../../src/flows/outcome.ts";
import type { FlowOutcome } from "../../src/flows/outcome.ts";
import { Simulation, evaluator } from "./simulation.ts";
import { agent, flowOf, run, subflow } from "./written-flow.ts";

const numbered = flowOf([run("x")], { inputs: { properties: { n: { type: "integer" } } } });

const ENDED_AT_MS = Date.parse("2026-11-21T10:00:05.250Z");

function outcomeOf(simulation: Simulation): FlowOutcome {
  const state = stateOf(simulation.tree);
  if (state.end === null) throw new Error("the flow run has not ended");
  return flowOutcomeOf(state, state.end, ENDED_AT_MS, evaluator);
}

describe("the outcome of a flow run", () => {
  test("has what its steps came to, and its report", () => {
    const simulation = new Simulation(flowOf([run("a")], { report: "says ${{ steps.a.stdout }}" }));
    simulation.done("a", { stdout: "hello" });
    const outcome = outcomeOf(simulation);
    expect(outcome).toEqual({
      status: "complete",
      flowRunId: "01abc",
      name: "test",
      steps: { a: { status: "done", stdout: "hello" } },
      report: "says hello",
      latencyMs: 5_250,
    });
    expect(exitCodeOfFlow(outcome)).toBe(0);
  });

  test("says where it failed, and how to try again", () => {
    const simulation = new Simulation(flowOf([run("a")], { report: "${{ steps.a.stdout }}" }));
    simulation.fails("a", "exit code 3");
    const outcome = outcomeOf(simulation);
    expect(outcome).toMatchObject({
      status: "failed",
      report: null,
      error: {
        code: "command_failed",
        message: "a: exit code 3",
        hint: "mend it; delegate flow retry 01abc --from a tries again from there",
        retryable: true,
      },
    });
    expect(exitCodeOfFlow(outcome)).toBe(1);
  });

  test("adds no second way to one that the message tells", () => {
    const simulation = new Simulation(flowOf([run("a")]));
    simulation.fails("a", "ask again: delegate flow retry 01abc --from views");
    expect(outcomeOf(simulation).error?.hint).toBe("mend it");
  });

  test("sends nobody back into a budget that is used up: the flow run keeps it", () => {
    const simulation = new Simulation(flowOf([run("a")]));
    const failure = { code: "budget_exhausted", message: "$6 of $5 used", hint: "raise it" };
    const end = { end: "failed", failure, output: {}, usage: null, isRetryable: false } as const;
    simulation.claim("a");
    simulation.finish("a", end);
    expect(outcomeOf(simulation).error?.hint).toBe("raise it");
  });

  test.each([
    ["a step", [run("a", { command: "${{ inputs.x.y }}" })]],
    ["a step inside", [subflow("a", flowOf([run("b", { command: "${{ inputs.x.y }}" })]))]],
    ["inputs of another flow", [subflow("a", numbered, { inputs: { n: "${{ 'two' }}" } })]],
    ["a role that nobody takes", [agent("a", { agent: "nobody" })]],
  ])("sends nobody back into %s that fails again: the flow run keeps its file", (_name, steps) => {
    const { error } = outcomeOf(new Simulation(flowOf(steps)));
    expect(error?.hint).toContain("start the flow anew");
    expect(error?.hint).not.toContain("flow retry");
  });

  test("is a failure when the report can't be made", () => {
    const simulation = new Simulation(flowOf([run("a")], { report: "${{ steps.a.nothing }}" }));
    simulation.done("a");
    const error = {
      code: "expression_failed",
      message: expect.stringMatching(/^report: .*steps\.a\.nothing/),
      hint: expect.not.stringContaining("retry"),
    };
    expect(outcomeOf(simulation)).toMatchObject({ status: "failed", report: null, error });
    // Everybody who looks at the flow run sees it so.
    expect(simulation.end).toMatchObject({ status: "failed", key: "" });
    // An earlier version has kept it as complete.
    const end = { status: "complete" } as const;
    const earlier = { ...stateOf(simulation.tree), end };
    expect(flowOutcomeOf(earlier, end, ENDED_AT_MS, evaluator)).toMatchObject({
      status: "failed",
      error,
    });
  });

  test("says who canceled it", () => {
    const simulation = new Simulation(flowOf([run("a")]));
    simulation.signal({ kind: "cancel", by: "eva", reason: null });
    const outcome = outcomeOf(simulation);
    expect([outcome.status, outcome.error?.message, exitCodeOfFlow(outcome)]).toEqual([
      "canceled",
      "canceled by eva",
      9,
    ]);
  });
});

function failed(code: string, hint = ""): FlowEnd {
  return { status: "failed", key: "a", failure: { code, message: "no", hint } };
}

test.each<readonly [FlowEnd, number]>([
  [{ status: "complete" }, 0],
  [{ status: "canceled", by: "eva", reason: "late" }, 9],
  [failed("command_failed"), 1],
  [failed("budget_exhausted"), 8],
  [failed("timeout"), 3],
  [failed("of_a_newer_version"), 1],
])("the end %j has the exit code %i", (end, exitCode) => {
  expect(exitCodeOfEnd(end)).toBe(exitCode);
});

test.each([
  ["timeout", "", "delegate flow retry 01abc --from a tries again from there", true],
  [
    "acl_denied",
    "ask eva",
    "ask eva; delegate flow retry 01abc --from a tries again from there",
    false,
  ],
  [
    "rejected",
    "use delegate flow retry <id>",
    "delegate flow retry 01abc --from a tries again from there",
    false,
  ],
  [
    "timeout",
    "delegate flow retry 01abc --from a asks again; wait longer",
    "delegate flow retry 01abc --from a asks again; wait longer",
    true,
  ],
])("a failure %s has one hint", (code, hint, expected, retryable) => {
  const simulation = new Simulation(flowOf([run("a")]));
  const state = stateOf(simulation.tree);
  const { error } = flowOutcomeOf(state, failed(code, hint), ENDED_AT_MS, evaluator);
  expect(error).toMatchObject({ hint: expected, retryable });
});
