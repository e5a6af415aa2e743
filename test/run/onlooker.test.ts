import { expect, test } from "vitest";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { runPaths } from "../../src/handoff/paths.ts";
import { Onlooker } from "../../src/run/onlooker.ts";
import { createAnswer } from "../../src/run/questions/question-files.ts";
import { replay } from "../../src/run/stored/history.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";
import { admitted, sending, started } from "./happenings.ts";
import { sampleRequest } from "./samples.ts";

const at = "2026-11-21T12:00:00.000Z";

function opened(questionId: string): RunHappening {
  const asked = { attempt: 1, text: "Which?", options: [], freeText: true, askedBy: "lead" };
  return { type: "question_opened", questionId, ...asked };
}

const answer = { answer: "A", by: "anna", channel: "terminal", onProposalOf: null } as const;
const events: readonly RunEvent[] = [
  started,
  sending,
  admitted,
  opened("r1.q1"),
  opened("r1.q2"),
  opened("r1.q3"),
  { type: "question_answered", questionId: "r1.q1", ...answer } as const,
].map((happening, index) => ({ ...happening, seq: index + 1, at, runId: "r1" }));

test("each event is overheard once, and of the questions only those that are still open", () => {
  const paths = runPaths(temporaryFolder(), "r1");
  const heard: string[] = [];
  const sink = {
    record: () => heard.push("recorded"),
    overhear: (event: RunEvent) =>
      heard.push(event.type === "question_opened" ? event.questionId : event.type),
  };
  const onlooker = new Onlooker(paths, [{ record: () => undefined }, sink]);
  const see = (count: number): void => {
    const soFar = events.slice(0, count);
    onlooker.see(soFar, replay(sampleRequest, soFar));
  };
  see(2);
  see(2);
  expect(heard).toEqual(["attempt_started", "attempt_sending"]);
  // Given while nobody drives the run: no event tells of it yet.
  const closed = { schema: "delegate.answer.v1", kind: "answered", text: "B" } as const;
  const { by, channel, onProposalOf } = answer;
  createAnswer(paths, {
    ...closed,
    questionId: "r1.q2",
    by,
    channel,
    onProposalOf,
    answeredAt: at,
  });
  see(7);
  expect(heard.slice(2)).toEqual(["attempt_admitted", "r1.q3", "question_answered"]);
});
