import { describe, expect, test } from "vitest";
import { findOptionProblem } from "../src/option-problem.ts";

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
    expect(findOptionProblem({ ...good, ...options })).toBeNull();
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
    const problem = findOptionProblem({ ...good, [name]: value });
    expect(problem).toMatchObject({ code: "usage" });
    expect(problem?.message).toContain(`the option ${name} `);
    expect(problem?.message).toContain(String(value));
  });

  test.each(["Plan", "read-only", ""])("are refused with a mode that is none: %j", (mode) => {
    const problem = findOptionProblem({ ...good, mode });
    expect(problem).toMatchObject({ code: "usage" });
    expect(problem?.message).toContain("the option mode ");
  });

  test.each(['"a text"', "null", '["a text"]', '[{ "text": "without a name" }]'])(
    "are refused with a context that is no list of named texts, as it may be in JavaScript: %s",
    (context) => {
      const problem = findOptionProblem({ ...good, context: JSON.parse(context) });
      expect(problem?.message).toBe("the option context is not a list of texts");
    },
  );

  test.each(["agent", "task"])(
    "are refused when %s is missing, as it may be in JavaScript",
    (name) => {
      const options: { agent: string; task: string } = JSON.parse(
        JSON.stringify({ ...good, [name]: undefined }),
      );
      expect(findOptionProblem(options)?.message).toBe(`the option ${name} is not a text`);
    },
  );
});
