import { describe, expect, test } from "vitest";
import { started, sending, admitted, blocked } from "../run/happenings.ts";
import type { RunHappening } from "../../src/events/event.ts";
import { happeningTypes } from "../../src/events/event.ts";
import { attemptLabel, elapsedLabel, stateLabel, wordsOf } from "../../src/follow/screen.ts";
import {
  applyToRow,
  exitCodeOfEnd,
  firstFailure,
  newWatchRow,
  withAttended,
  withoutFolder,
} from "../../src/follow/watch-row.ts";
import { complete, created, eventAt, late, noonMs, rowAfter, timedOut } from "./samples.ts";

const working = { type: "agent_working", attempt: 1, text: "reading", percent: null } as const;
const failed = {
  type: "attempt_failed",
  attempt: 1,
  failure: late,
  isRetryable: true,
  retryAfterMs: null,
} as const;
const scheduled = {
  type: "retry_scheduled",
  attempt: 2,
  dueAt: "2026-11-21T12:01:00.000Z",
} as const;
const opened = {
  type: "question_opened",
  questionId: "r1.q1",
  attempt: 1,
  text: "Which?",
  options: [],
  freeText: true,
  askedBy: "coder",
} as const;
const skipped = { type: "question_skipped", questionId: "r1.q1", by: "anna" } as const;
const left = { type: "driver_left", generation: 1, reason: "not_waiting" } as const;

/** State, attempt, elapsed and words at 20 seconds past noon. */
function shown(...happenings: readonly RunHappening[]): string {
  const row = rowAfter(happenings);
  const nowMs = noonMs + 20_000;
  return [stateLabel(row), attemptLabel(row), elapsedLabel(row, nowMs), wordsOf(row, nowMs)]
    .join(" | ")
    .trim();
}

describe("a watched run", () => {
  test.each<[string, readonly RunHappening[]]>([
    ["sending | - | 19s |", [created]],
    ["sending | 1/2 | 19s |", [created, started]],
    ["sending | 1/2 | 19s |", [created, started, sending]],
    ["waiting | 1/2 | 19s |", [created, admitted]],
    ["working | 1/2 | 19s | reading", [created, admitted, working]],
    ["working | 1/2 | 19s | 45 %: reading", [created, admitted, { ...working, percent: 45 }]],
    ["working | 1/2 | 19s |", [created, admitted, { type: "agent_active", attempt: 1 }]],
    ["working | 1/2 | 19s | reading", [created, admitted, working, { ...working, text: "" }]],
    [
      "working | 1/2 | 19s | reading",
      [
        created,
        admitted,
        working,
        { type: "connection_lost", attempt: 1, reason: "reset" },
        { type: "agent_ended", attempt: 1, completion: "ok" },
        { type: "handoff_accepted", attempt: 1, status: "complete", isLate: false },
      ],
    ],
    ["retrying | 2/2 | 19s | again in 40s: no handoff in 5 s", [created, failed, scheduled]],
    ["retrying | 2/2 | 19s | again in 40s", [created, scheduled]],
    ["sending | 2/2 | 19s |", [created, failed, scheduled, { ...started, attempt: 2 }]],
    ["left | 1/2 | 19s | nobody waits for it: delegate wait r1", [created, admitted, left]],
    ["left | 2/2 | 19s | nobody waits for it: delegate wait r1", [created, scheduled, left]],
    [
      "waiting | 1/2 | 19s |",
      [created, admitted, left, { type: "driver_took_over", generation: 2 }],
    ],
    ["asking | 1/2 | 19s | Which?", [created, admitted, blocked, opened]],
    ["asking | 1/2 | 19s | Which?", [created, admitted, blocked, opened, left]],
    [
      "sending | 3/3 | 19s |",
      [created, admitted, blocked, opened, skipped, { ...started, attempt: 3 }],
    ],
    ["complete | 1/2 | 3s | reading", [created, admitted, working, complete]],
    ["timeout | 2/2 | 1s | no handoff in 5 s", [created, timedOut]],
    ["complete | 1/2 | 1s |", [created, complete, { type: "agent_active", attempt: 1 }]],
    ["complete | 1/2 | 2s | no handoff in 5 s", [created, timedOut, complete]],
  ])("%s", (expected, happenings) => {
    expect(shown(...happenings)).toBe(expected);
  });

  test("knows every type of event", () => {
    const row = newWatchRow("r1", "coder", noonMs);
    const samples: readonly RunHappening[] = [
      created,
      started,
      sending,
      admitted,
      working,
      failed,
      scheduled,
      left,
      complete,
      opened,
      skipped,
      { type: "question_proposed", questionId: "r1.q1", proposal: "This.", by: "manager" },
      { type: "question_referred", questionId: "r1.q1", by: "manager", reason: "no idea" },
      { type: "question_escalated", questionId: "r1.q1", to: "anna" },
      {
        type: "question_answered",
        questionId: "r1.q1",
        answer: "That.",
        by: "anna",
        channel: "terminal",
        onProposalOf: null,
      },
      { type: "agent_active", attempt: 1 },
      { type: "agent_ended", attempt: 1, completion: "ok" },
      { type: "connection_lost", attempt: 1, reason: "reset" },
      { type: "handoff_accepted", attempt: 1, status: "complete", isLate: false },
      { type: "driver_took_over", generation: 2 },
    ];
    expect(samples.map(({ type }) => type)).toEqual(
      expect.arrayContaining(Object.keys(happeningTypes)),
    );
    for (const sample of samples) expect(applyToRow(row, eventAt(1, sample)).lastSeq).toBe(1);
  });

  test("is not changed by an event that was read before", () => {
    const row = rowAfter([created, admitted]);
    expect(applyToRow(row, eventAt(2, working))).toBe(row);
  });

  test("keeps no more of long words than a line can show", () => {
    const row = rowAfter([created, { ...working, text: "x".repeat(1_000_000) }]);
    expect(row.words).toHaveLength(500);
  });

  test("is the same row while its driver stays", () => {
    const row = rowAfter([created]);
    expect(withAttended(row, "driven")).toBe(row);
    expect(stateLabel(withAttended(row, "undriven"))).toBe("left");
  });

  test("ends when its folder is gone", () => {
    const row = withoutFolder(rowAfter([created]), noonMs);
    expect(stateLabel(row)).toBe("gone");
    expect(firstFailure([row])).toBe(74);
  });
});

describe("exit codes", () => {
  test("are the run's own", () => {
    const ends = [complete, timedOut].map((end) => exitCodeOfEnd({ ...eventAt(1, end), ...end }));
    expect(ends).toEqual([0, 3]);
  });

  test("of a failure that only a newer version knows are those of a failed run", () => {
    const line = JSON.stringify({ ...eventAt(1, timedOut), code: "not_invented_yet" });
    const event: Parameters<typeof exitCodeOfEnd>[0] = JSON.parse(line);
    expect(exitCodeOfEnd(event)).toBe(1);
  });

  test("of several runs are that of the one that failed first", () => {
    const refused = { ...timedOut, code: "unreachable" } as const;
    const early = applyToRow(newWatchRow("a", "x", noonMs), eventAt(1, refused, "a", 5));
    const later = applyToRow(newWatchRow("b", "x", noonMs), eventAt(1, timedOut, "b", 9));
    const fine = applyToRow(newWatchRow("c", "x", noonMs), eventAt(1, complete, "c", 1));
    expect(firstFailure([fine, later, early])).toBe(6);
    expect(firstFailure([fine, rowAfter([created])])).toBe(0);
  });
});
