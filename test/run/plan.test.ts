import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { MAX_HOOK_BODY_BYTES } from "../../src/gateway/hook.ts";
import type { Ask, PlanFacts } from "../../src/run/plan.ts";
import { findRunIdProblem, planRun } from "../../src/run/plan.ts";
import { commandAgent, sampleAsk, sampleConfig, START } from "./samples.ts";

const facts: PlanFacts = {
  newRunId: "new-1",
  nowMs: START,
  createdBy: { pid: 7, host: "here", startTicks: null },
  chain: [],
};

function plan(ask: Partial<Ask> = {}, config: Partial<Config> = {}, chain: readonly string[] = []) {
  return planRun({ ...sampleAsk, ...ask }, { ...sampleConfig, ...config }, { ...facts, chain });
}

function planned(ask: Partial<Ask> = {}, config: Partial<Config> = {}) {
  const result = plan(ask, config);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

describe("a plan", () => {
  test("has everything that will be sent", () => {
    const { request, agent, decision, message, payload } = planned();
    expect(request).toMatchObject({
      schema: "delegate.request.v1",
      runId: "new-1",
      createdAt: "2026-11-21T12:00:00.000Z",
      agent: "lead",
      task: "Review the plan.",
    });
    expect(agent.name).toBe("lead");
    expect(decision).toMatchObject({ isAllowed: true, rule: "no_caller_allowed" });
    expect(payload).toMatchObject({ message, idempotencyKey: "new-1.1", waitForCompletion: false });
  });

  test("takes its limits from the config where the caller sets none", () => {
    expect(planned().request.limits).toEqual({
      attempts: 1,
      timeoutMs: 300_000,
      deadlineMs: null,
      idleTimeoutMs: null,
      retryBaseMs: 3_000,
      retryMaxMs: 60_000,
    });
    expect(planned({ agent: "coder" }).request.limits.timeoutMs).toBe(60_000);
  });

  test("takes the caller's id and limits, with never more than 3 attempts", () => {
    const ask = { runId: "own", attempts: 9, timeoutMs: 5, deadlineMs: 6, idleTimeoutMs: 7 };
    const { request } = planned(ask);
    expect(request.runId).toBe("own");
    expect(request.limits).toMatchObject({
      attempts: 3,
      timeoutMs: 5,
      deadlineMs: 6,
      idleTimeoutMs: 7,
    });
  });
});

describe("a plan that only reads", () => {
  const planCall = { ...commandAgent, command: ["coder", "--read-only"] };
  const agents = { ...sampleConfig.agents, coder: { ...commandAgent, planCall } };

  test("has the agent's read-only call, keeps the mode, and tells the agent", () => {
    const { agent, request, message } = planned({ agent: "coder", mode: "plan" }, { agents });
    expect(agent).toMatchObject({ mode: "plan", command: ["coder", "--read-only"] });
    expect(request.mode).toBe("plan");
    expect(message).toContain("- Only read. You may not change any file");
  });

  test("is another than the plan that leaves the agent as it is", () => {
    const { agent, request, message } = planned({ agent: "coder", mode: "write" }, { agents });
    expect(agent).toMatchObject({ mode: "write", command: ["coder", "-p"] });
    expect(request).not.toHaveProperty("mode");
    expect(message).not.toContain("Only read");
  });

  test.each([
    ["coder", 'give "agents.coder" a "command" with a "planCommand"'],
    ["lead", 'say "mode": "plan" in "agents.lead"'],
  ])("there is none for %s without a read-only mode", (name, hint) => {
    expect(plan({ agent: name, mode: "plan" })).toMatchObject({
      ok: false,
      failure: {
        code: "config_invalid",
        message: `${name} has no read-only mode, so it gets no task that only reads`,
        hint: expect.stringContaining(hint),
      },
    });
  });
});

describe("there is no plan", () => {
  test.each<[string, Partial<Ask>, string, RegExp]>([
    ["for an empty task", { task: " \n" }, "usage", /the task is empty/],
    ["for an id that leaves the folder", { runId: "../x" }, "usage", /"..\/x" can't be a run id/],
    [
      "for a parent that can't be a run",
      { parentRunId: ".." },
      "usage",
      /can't be a parent run id/,
    ],
    ["for a workflow id with a space", { workflowRunId: "a b" }, "usage", /can't be a workflow id/],
    ["for a step id that is too long", { stepId: "x".repeat(129) }, "usage", /can't be a step id/],
    ["for a misspelt agent", { agent: "laed" }, "agent_unknown", /no agent "laed".*mean lead\?/],
    ["for an unheard-of agent", { agent: "zzzzzz" }, "agent_unknown", /agents there: lead, coder/],
    [
      "for a misspelt command",
      { agent: "wiat" },
      "agent_unknown",
      /mean the command delegate wait\?/,
    ],
    ["for a name that every object has", { agent: "toString" }, "agent_unknown", /no agent/],
    ["for a caller without permission", { caller: "spy" }, "acl_denied", /rule caller_not_listed/],
  ])("%s", (_what, ask, code, says) => {
    const result = plan(ask);
    if (result.ok) throw new Error("there is a plan");
    expect(result.failure.code).toBe(code);
    expect(`${result.failure.message} ${result.failure.hint}`).toMatch(says);
  });

  test("when there are no agents at all", () => {
    expect(plan({}, { agents: {} })).toMatchObject({ failure: { hint: "agents there: none" } });
  });

  test("for an unheard-of one among a great many, of which the first are named", () => {
    const agents = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`agent-${index}`, commandAgent]),
    );
    expect(plan({ agent: "zzzzzz" }, { agents })).toMatchObject({
      failure: {
        hint: expect.stringMatching(/agent-18, agent-19 and 980 more; delegate agents lists them$/),
      },
    });
  });

  test("for an agent that is at work further up", () => {
    expect(plan({}, {}, ["lead"])).toMatchObject({ failure: { code: "acl_denied" } });
  });

  test("for a message one byte larger than a gateway takes", () => {
    const bodyOfOneLetter = Buffer.byteLength(JSON.stringify(planned({ task: "x" }).payload));
    const fits = 1 + MAX_HOOK_BODY_BYTES - bodyOfOneLetter;
    expect(plan({ task: "x".repeat(fits) })).toMatchObject({ ok: true });
    expect(plan({ task: "x".repeat(fits + 1) })).toMatchObject({
      failure: { code: "usage", message: expect.stringContaining("262145 bytes") },
    });
  });

  test("for a message whose letters are many bytes", () => {
    expect(plan({ task: "語".repeat(90_000) })).toMatchObject({ failure: { code: "usage" } });
  });
});

test.each([
  ["r", true],
  ["01kb2c3d.review_2-b", true],
  ["", false],
  [".hidden", false],
  ["a/b", false],
  ["a\n", false],
  ["x".repeat(129), false],
])("%j as a run id: %j", (id, isFine) => {
  expect(findRunIdProblem(id) === null).toBe(isFine);
});
