import { describe, expect, test } from "vitest";
import { planFlow } from "../../src/flows/rehearsal/plan-flow.ts";
import { describePlan } from "../../src/flows/rehearsal/plan-text.ts";
import { rehearse } from "../../src/flows/rehearsal/rehearse.ts";
import { describeRehearsal } from "../../src/flows/rehearsal/rehearsal-text.ts";
import { shortInputs, shortRehearsed, shortWaves } from "../../src/flows/rehearsal/short-plan.ts";
import { evaluator } from "./simulation.ts";
import { agent, approve, ask, flowOf, loop, requestOf, run } from "./written-flow.ts";

const long = "x".repeat(2000);

const flow = flowOf([
  run("start", { command: `echo\n  ${long}`, timeoutMs: 1000 }),
  run("words", { command: ["make", "all"], when: "true", onFailure: "continue" }),
  loop("work", [agent("code", { task: long, mode: "plan" })], { needs: ["start"] }),
  approve("ok", { needs: ["work"], requiredApprovers: ["eva"] }),
  ask("kind", { foreman: "coder" }),
  ask("free"),
]);

describe("a short plan", () => {
  const request = requestOf(flow);

  test("says of each step only what is not as usual", () => {
    expect(shortWaves(planFlow(request, evaluator))).toEqual([
      [
        { id: "start", kind: "run", what: `echo ${"x".repeat(74)}…`, timeoutMs: 1000 },
        { id: "words", kind: "run", when: "true", onFailure: "continue", what: "make all" },
        { id: "kind", kind: "ask", what: "which?", agent: "claude" },
        { id: "free", kind: "ask", what: "which?" },
      ],
      [
        {
          id: "work",
          kind: "loop",
          needs: ["start"],
          repeats: "at most 3 times, until true",
          inside: [[{ id: "code", kind: "agent", role: "coder", agent: "claude", mode: "plan" }]],
        },
      ],
      [
        {
          id: "ok",
          kind: "approve",
          needs: ["work"],
          what: "all right?",
          requiredApprovers: ["eva"],
        },
      ],
    ]);
  });

  test("has a line for each step where people read it", () => {
    const text = describePlan(request, planFlow(request, evaluator), false);
    expect(text).toContain("\n  start: run, at most 1 s\n  words: run; when true;");
    expect(text).not.toContain("|");
  });

  test("only begins what is long of the inputs", () => {
    expect(shortInputs({ n: 1, short: "a  b", long, list: [long] })).toEqual({
      n: 1,
      short: "a  b",
      long: `${"x".repeat(79)}…`,
      list: `["${"x".repeat(77)}…`,
    });
  });
});

describe("a short rehearsal", () => {
  const small = flowOf([
    run("flaky", { onFailure: "continue", retry: { attempts: 2, baseMs: 1, maxMs: 1 } }),
    run("never", { when: "false" }),
    run("last", { needs: ["flaky"] }),
  ]);
  const rehearsal = rehearse(requestOf(small), { flaky: 1 }, evaluator);

  test("says how each step went", () => {
    expect(rehearsal.steps.map(shortRehearsed)).toEqual([
      { key: "never", outcome: "skipped", why: '"false" is not true' },
      {
        key: "flaky",
        outcome: "failed",
        why: expect.stringContaining("exit code 1"),
        isRetried: true,
        isStubbed: true,
      },
      {
        key: "flaky",
        attempt: 2,
        outcome: "failed",
        why: expect.stringContaining("exit code 1"),
        isStubbed: true,
      },
      { key: "last", outcome: "done" },
    ]);
  });

  test("has a line for each step where people read it", () => {
    expect(describeRehearsal(requestOf(small), rehearsal, false)).toMatch(
      /\nflaky \(attempt 2\): run → failed: .*\nlast: run → done \(no stub\)\n/,
    );
  });
});
