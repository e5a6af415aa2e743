import { describe, expect, test } from "vitest";
import { assignAgents } from "../../src/flows/inputs/assign-agents.ts";
import { checkAgents } from "../../src/flows/file/check-agents.ts";
import { flowOf, noLinks } from "./file/check-text.ts";

const inner = flowOf(
  "name: inner\nagents: { coder: inner-coder, tester: inner-tester }\nsteps: { a: { agent: coder, task: x, mode: plan }, b: { agent: tester, task: x } }",
);
const flow = flowOf(
  [
    "name: outer",
    "agents: { coder: claude, reviewer: auditor }",
    "steps:",
    "  loop:",
    "    loop: { max: 2, until: iteration > 1 }",
    "    steps:",
    "      code: { agent: coder, task: x }",
    "      review: { agent: reviewer, task: x, mode: plan }",
    "  each: { for-each: '[1]', steps: { sub: { flow: inner } } }",
    "  ask: { ask: { question: x, foreman: reviewer } }",
    "  run: { run: x }",
    "  approve: { approve: x }",
  ].join("\n"),
  { ...noLinks, flows: new Map([["inner", inner]]) },
);

describe("a role has the agent", () => {
  test("that the outermost flow names", () => {
    expect(assignAgents(flow, {})).toEqual({
      ok: true,
      agents: { coder: "claude", reviewer: "auditor", tester: "inner-tester" },
    });
  });

  test("or that the start names", () => {
    expect(assignAgents(flow, { coder: "codex", tester: "qwen" })).toEqual({
      ok: true,
      agents: { coder: "codex", reviewer: "auditor", tester: "qwen" },
    });
  });

  test("but only a role that there is", () => {
    expect(assignAgents(flow, { codr: "codex", constructor: "x" })).toEqual({
      ok: false,
      problems: [
        'the flow "outer" has no role "codr"; did you mean "coder"?',
        'the flow "outer" has no role "constructor"; there are coder, tester, reviewer',
      ],
    });
    const none = flowOf("name: x\nsteps: { a: { run: x } }");
    expect(assignAgents(none, { a: "b" })).toEqual({
      ok: false,
      problems: ['the flow "x" has no role "a"; it has none'],
    });
  });
});

const check = (agents: Readonly<Record<string, string>>, readOnly: readonly string[]) =>
  checkAgents(flow, agents, {
    names: ["claude", "codex", "auditor", "gemini"],
    canReadOnly: (name) => readOnly.includes(name),
  }).map(({ at, message }) => `${at} ${message}`);

describe("a flow can't begin", () => {
  test("but with agents that the config has, and that can read only where they must", () => {
    const agents = { coder: "claude", reviewer: "auditor", tester: "gemini" };
    expect(check(agents, ["claude", "auditor"])).toEqual([]);
  });

  test("with an agent that the config does not have", () => {
    const agents = { coder: "claud", reviewer: "nobody", tester: "nobody" };
    expect(check(agents, ["claude"])).toEqual([
      '/agents/coder the config has no agent "claud" for the role "coder"; did you mean "claude"?',
      '/agents/reviewer the config has no agent "nobody" for the role "reviewer"; name another with --agent reviewer=<agent>',
      '/steps/each/steps/sub/flow in the flow "inner": the config has no agent "claud" for the role "coder"; did you mean "claude"?',
      '/steps/each/steps/sub/flow in the flow "inner": the config has no agent "nobody" for the role "tester"; name another with --agent tester=<agent>',
    ]);
  });

  test("with a step that may only read and an agent that can't be held to it", () => {
    const agents = { coder: "gemini", reviewer: "gemini", tester: "gemini" };
    expect(check(agents, [])).toEqual([
      '/steps/loop/steps/review/mode this step may only read, and the agent "gemini" has no read-only mode; name another with --agent reviewer=<agent>',
      '/steps/each/steps/sub/flow in the flow "inner": this step may only read, and the agent "gemini" has no read-only mode; name another with --agent coder=<agent>',
    ]);
  });

  test("without an agent for a role", () => {
    expect(check({ coder: "claude", reviewer: "auditor" }, ["claude", "auditor"])).toEqual([
      '/steps/each/steps/sub/flow in the flow "inner": nobody has the role "tester"',
    ]);
  });
});
