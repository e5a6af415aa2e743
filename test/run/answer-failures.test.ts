import { expect, test } from "vitest";
import type { Failure } from "../../src/failure.ts";
import type { Answer, Proposal, Question } from "../../src/questions/question.ts";
import * as words from "../../src/run/failures/answer-failures.ts";

const question: Question = {
  schema: "delegate.question.v1",
  id: "r1.q1",
  runId: "r1",
  attempt: 1,
  text: "A or B?",
  options: ["A", "B"],
  allowsFreeText: true,
  askedBy: "lead",
  askedAt: "2026-11-21T12:00:00.000Z",
};
const onlyOptions = { ...question, allowsFreeText: false };
const onlyText = { ...question, options: [] };
const answer: Answer = {
  schema: "delegate.answer.v1",
  questionId: "r1.q1",
  kind: "answered",
  text: "A",
  by: "jo",
  channel: "terminal",
  onProposalOf: null,
  answeredAt: "2026-11-21T12:01:00.000Z",
};
const proposal: Proposal = {
  schema: "delegate.proposal.v1",
  questionId: "r1.q1",
  number: 1,
  text: "A",
  reason: "",
  isSure: false,
  by: "boss",
  discussion: null,
  proposedAt: "2026-11-21T12:00:30.000Z",
};

test.each<[Failure, Failure["code"], RegExp, RegExp]>([
  [words.questionUnknown("x"), "usage", /no question "x"/, /delegate questions/],
  [words.closedAlready(answer), "run_conflict", /answered by jo: A$/, /12:01:00/],
  [words.closedAlready({ ...answer, kind: "skipped" }), "run_conflict", /skipped by jo$/, /agent/],
  [words.questionRunOver(question), "run_conflict", /its run has ended/, /delegate show r1/],
  [
    words.answerRefused(question, "no"),
    "usage",
    /so: no$/,
    /--option <n> \(1 A, 2 B\) or "<answer>"$/,
  ],
  [words.answerRefused(onlyOptions, "no"), "usage", /so: no$/, /--option <n> \(1 A, 2 B\)$/],
  [words.answerRefused(onlyText, "no"), "usage", /so: no$/, /^delegate answer r1\.q1 "<answer>"$/],
  [words.nothingProposed(question), "usage", /nothing is proposed/, /delegate answer r1\.q1/],
  [words.proposedAnew(question, proposal), "run_conflict", /boss proposes.*: A$/, /--approve$/],
  [words.discussedAlready(question, proposal), "run_conflict", /boss has not/, /delegate wait r1/],
])(
  "who answers is told why that is not taken, and what to do: $message",
  (failure, ...expected) => {
    const [code, message, hint] = expected;
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  },
);
