import { describe, expect, test } from "vitest";
import { findDelegateProblem, findWaitProblem } from "../src/option-problem.ts";

const good = { agent: "worker", task: "do it" };

describe("the options of a library call", () => {
  test.each([
    {},
    { timeoutSeconds: 0.5, deadlineSeconds: 3_600, idleTimeoutSeconds: 60, attempts: 3 },
    { timeoutSeconds: 2_592_000 },
    { mode: "plan" },
    { mode: "write" },
    { context: [{ name: "plan", text: "" }] },
  ])("are fine: %j", (options) => {
    expect(findDelegateProblem({ ...good, ...options })).toBeNull();
  });

  test.each([
    ["timeoutSeconds", Number.NaN],
    ["timeoutSeconds", 2_592_001],
    ["deadlineSeconds", 0],
    ["idleTimeoutSeconds", -1],
    ["idleTimeoutSeconds", Number.POSITIVE_INFINITY],
    ["attempts", 0],
    ["attempts", 1.5],
    ["attempts", Number.NaN],
  ])("are refused with their name: %s %d", (name, value) => {
    const problem = findDelegateProblem({ ...good, [name]: value });
    expect(problem).toMatchObject({ code: "usage" });
    expect(problem?.message).toContain(`the option ${name} `);
    expect(problem?.message).toContain(String(value));
  });

  test.each(["Plan", "read-only", ""])("are refused with a mode that is none: %j", (mode) => {
    const problem = findDelegateProblem({ ...good, mode });
    expect(problem).toMatchObject({ code: "usage" });
    expect(problem?.message).toContain("the option mode ");
  });

  test.each(['"a text"', "null", '["a text"]', '[{ "text": "without a name" }]'])(
    "are refused with a context that is no list of named texts, as it may be in JavaScript: %s",
    (context) => {
      const problem = findDelegateProblem({ ...good, context: JSON.parse(context) });
      expect(problem?.message).toBe("the option context is not a list of texts");
    },
  );

  test.each(["agent", "task"])(
    "are refused when %s is missing, as it may be in JavaScript",
    (name) => {
      const options: { agent: string; task: string } = JSON.parse(
        JSON.stringify({ ...good, [name]: undefined }),
      );
      expect(findDelegateProblem(options)?.message).toBe(`the option ${name} is not a text`);
    },
  );

  test.each([
    ["timeout", "did you mean timeoutSeconds?"],
    ["timeoutSecond", "did you mean timeoutSeconds?"],
    ["retries", "did you mean attempts?"],
    ["idleTimeout", "did you mean idleTimeoutSeconds?"],
    ["run_id", "did you mean runId?"],
    ["format", "the options are agent, task, context, wait, "],
    ["toString", "the options are "],
  ])("are refused with a name that none has: %s", (name, hint) => {
    const problem = findDelegateProblem({ ...good, [name]: 5 });
    expect(problem).toMatchObject({ code: "usage", message: `there is no option ${name}` });
    expect(problem?.hint).toContain(hint);
  });

  test.each([
    ["wait", "no", "is neither true nor false"],
    ["runId", 5, "is not a text"],
    ["signal", new AbortController(), "is not an AbortSignal"],
    ["onEvent", null, "is not a function"],
    ["onQuestion", "stay", "is neither exit nor wait: stay"],
    ["mode", null, "is neither plan nor write: object"],
  ])("are refused with a value of another kind: %s %j", (name, value, what) => {
    const problem = findDelegateProblem({ ...good, [name]: value });
    expect(problem?.message).toBe(`the option ${name} ${what}`);
  });

  test.each(["null", '"a task"', "1"])("are refused when they are no object: %s", (options) => {
    expect(findDelegateProblem(JSON.parse(options))).toEqual({
      code: "usage",
      message: "the options are not an object",
      hint: "give { agent, task }",
    });
  });

  test("of a program that has nothing to say may be null or undefined", () => {
    const nothing = { runId: undefined, caller: null, schema: null, attempts: undefined };
    expect(findDelegateProblem({ ...good, ...nothing })).toBeNull();
  });
});

describe("the options of waiting for a run", () => {
  test("are fine", () => {
    const signal = AbortSignal.timeout(1_000);
    expect(findWaitProblem({ runId: "r", signal, onQuestion: "wait" })).toBeNull();
  });

  test("are refused without a run, or with what only a delegation takes", () => {
    expect(findWaitProblem({})?.message).toBe("the option runId is not a text");
    expect(findWaitProblem({ runId: "r", task: "x" })?.message).toBe("there is no option task");
    expect(findWaitProblem({ id: "r" })?.hint).toContain("the options are runId, config");
  });
});
