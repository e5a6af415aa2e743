import { describe, expect, test } from "vitest";
import { foremanSchema, foremanTask, readVerdict } from "../../src/questions/foreman.ts";
import type { Question } from "../../src/questions/question.ts";
import { findAnswerProblem, parseQuestionId, questionIdOf } from "../../src/questions/question.ts";

const question: Question = {
  schema: "delegate.question.v1",
  id: "r1.q1",
  runId: "r1",
  attempt: 1,
  text: "Which database?",
  options: ["PostgreSQL", "SQLite"],
  allowsFreeText: false,
  askedBy: "coder",
  askedAt: "2026-11-21T12:00:00.000Z",
};
const open: Question = { ...question, options: [], allowsFreeText: true };

describe("a foreman is told", () => {
  test("the question, its options and the task", () => {
    const task = foremanTask({ question, task: "Write the storage.\n", discussion: null });
    expect(task).toContain("## The question\n\nWhich database?");
    expect(task).toContain("- PostgreSQL\n- SQLite\n\nThe answer must be one of them.");
    expect(task).toContain("## The task of coder\n\nWrite the storage.\n\n## What you may decide");
    const free = { ...question, allowsFreeText: true };
    expect(foremanTask({ question: free, task: "x", discussion: null })).toContain(
      "Another answer is allowed.",
    );
  });

  test("what it proposed and what was said about it", () => {
    const discussion = { proposal: "SQLite", remark: "Many write at once." };
    const task = foremanTask({ question: open, task: "x", discussion });
    expect(task).not.toContain("## The options");
    expect(task).toContain("## Your proposal so far\n\nSQLite");
    expect(task).toContain("## What a person says about it\n\nMany write at once.");
  });

  test("which answers there are", () => {
    expect(foremanSchema(question)).toMatchObject({
      properties: { answer: { enum: question.options } },
    });
    expect(foremanSchema(open)).toMatchObject({ properties: { answer: { type: "string" } } });
  });
});

describe("a foreman's answer", () => {
  const data = { answer: "SQLite", isSure: true, reason: "small" };
  test.each([
    ["is taken when it is sure enough", { data, confidence: "high" }, true],
    ["is not taken with less confidence", { data, confidence: "medium" }, false],
    ["is not taken without any", { data }, false],
    ["is not taken when it is not sure", { data: { ...data, isSure: false } }, false],
  ] as const)("%s", (_what, handoff, isSure) => {
    expect(readVerdict(question, handoff, "high")).toEqual({
      answer: "SQLite",
      reason: "small",
      isSure,
    });
  });

  test.each([
    [undefined],
    [null],
    [{}],
    [{ answer: 7 }],
    [{ answer: " " }],
    [{ ...data, answer: "MySQL" }],
  ])("%j is none", (given) => {
    expect(readVerdict(question, { data: given, confidence: "high" }, "high")).toBeNull();
  });

  test("needs no reason", () => {
    const verdict = readVerdict(open, { data: { answer: "x" }, confidence: "high" }, "high");
    expect(verdict).toEqual({ answer: "x", reason: "", isSure: false });
  });
});

test("a question's id names its run", () => {
  expect(parseQuestionId(questionIdOf("r.q1", 12))).toEqual({ runId: "r.q1", number: 12 });
  for (const id of ["r", "r.q0", "../x.q1", ".q1", "r.q12345"])
    expect(parseQuestionId(id)).toBeNull();
});

test("an answer must say something, and be an option where only these count", () => {
  expect(findAnswerProblem(question, "SQLite")).toBeNull();
  expect(findAnswerProblem(open, "anything")).toBeNull();
  expect(findAnswerProblem(open, " ")).toBe("the answer is empty");
  expect(findAnswerProblem(question, "x")).toBe("the answer must be one of: PostgreSQL, SQLite");
});
