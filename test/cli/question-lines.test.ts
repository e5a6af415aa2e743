import { expect, test } from "vitest";
import { QuestionLines } from "../../src/cli/live/question-lines.ts";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";

/** What is told of these happenings; a foreman's are those of the run f. */
function told(staysForAnswers: boolean, happenings: readonly (readonly [string, RunHappening])[]) {
  const lines: string[] = [];
  const sink = new QuestionLines(staysForAnswers, (text) => lines.push(text));
  happenings.forEach(([runId, happening], index) => {
    const event: RunEvent = { ...happening, seq: index + 1, at: "2026-11-21T12:00:00.000Z", runId };
    sink.record(event);
  });
  return lines.join("");
}

function opened(questionId: string, options: readonly string[] = []): RunHappening {
  const asked = { attempt: 1, text: "Which?", freeText: true, askedBy: "lead" };
  return { type: "question_opened", questionId, options, ...asked };
}

const handedOver = { type: "handoff_accepted", attempt: 1, isLate: false } as const;
const blocked = { ...handedOver, status: "blocked" } as const;
const complete = { ...handedOver, status: "complete" } as const;

test("what is asked is told with the command that answers it", () => {
  expect(told(true, [["r", opened("r.q1", ["A", "B"])]])).toBe(
    "lead asks: Which? (1) A (2) B\n  to do: delegate answer r.q1 --option <n>\n",
  );
});

test("who only follows the run is told as well", () => {
  const lines: string[] = [];
  const sink = new QuestionLines(true, (text) => lines.push(text));
  sink.overhear({ ...opened("r.q1"), seq: 1, at: "2026-11-21T12:00:00.000Z", runId: "r" });
  expect(lines.join("")).toMatch(/^lead asks: Which\?\n.*delegate answer r\.q1 /);
});

test("who leaves at a question hears of it once, from the outcome", () => {
  const asks = [
    ["r", blocked],
    ["r", opened("r.q1")],
  ] as const;
  expect(told(false, asks)).toBe("");
  expect(told(true, asks)).toMatch(/delegate answer r\.q1 "<answer>"\n$/);
});

test("a foreman's handoff, and the one before this attempt, do not hide what the agent asks now", () => {
  expect(
    told(false, [
      ["f", complete],
      ["r", opened("r.q1")],
    ]),
  ).toMatch(/r\.q1/);
  const again = { type: "attempt_started", attempt: 2 } as const;
  expect(
    told(false, [
      ["r", blocked],
      ["r", opened("r.q1")],
      ["r", again],
      ["r", opened("r.q2")],
    ]),
  ).toMatch(/^lead asks: Which\?\n {2}to do: delegate answer r\.q2 /);
});
