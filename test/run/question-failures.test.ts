import { expect, test } from "vitest";
import type { Failure } from "../../src/failure.ts";
import * as words from "../../src/run/failures/question-failures.ts";
import { completeHandoff, subject } from "./samples.ts";

const blocked = { ...completeHandoff, status: "blocked", result: "which one?" } as const;
const asking = { ...blocked, questions: [{ text: "A or B?" }] };
const free = { options: [], allowsFreeText: true };
const open = [
  { id: "r1.q1", text: "A or B?", ...free },
  { id: "r1.q2", text: "When?", ...free },
];
const choice = { id: "r1.q1", text: "Which?", options: ["A", "B"], allowsFreeText: false };

test.each<[Failure, RegExp, RegExp]>([
  [words.blocked(subject, blocked), /asks: which one\?$/, /--context/],
  [words.blocked(subject, asking), /asks: A or B\?$/, /--context/],
  [words.askedTooOften(subject, asking, 5), /5 times already and asks again: A or B/, /--context/],
  [words.askedNothing(subject), /can't be read any more$/, /say in the task/],
  [
    words.asks(subject, open.slice(0, 1)),
    /asks: A or B\?$/,
    /^delegate answer r1\.q1 "<answer>", then/,
  ],
  [
    words.asks(subject, [choice]),
    /asks: Which\?$/,
    /^delegate answer r1\.q1 --option <n> \(1 A, 2 B\), then/,
  ],
  [
    words.asks(subject, [{ ...choice, allowsFreeText: true }]),
    /asks: Which\?$/,
    /^delegate answer r1\.q1 --option <n> \(1 A, 2 B\) or "<answer>", then/,
  ],
  [words.asks(subject, open), /asks: A or B\? \(and 1 more\)$/, /the others likewise/],
  [words.asks(subject, []), /asks: $/, /<questionId>/],
])("who is asked is told what, and how to answer (%#)", (failure, message, hint) => {
  expect(failure.code).toBe("agent_blocked");
  expect(failure.message).toMatch(message);
  expect(failure.hint).toMatch(hint);
});
