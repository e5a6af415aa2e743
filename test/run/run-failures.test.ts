import { started, sending, admitted, resting, blocked, timedOut as ended } from "./happenings.ts";
import { describe, expect, test } from "vitest";
import type { LeaveReason, RunHappening } from "../../src/events/event.ts";
import type { Failure } from "../../src/failure.ts";
import * as words from "../../src/run/failures/run-failures.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import type { RunState } from "../../src/run/decide/state.ts";
import { START, subject } from "./samples.ts";

function after(...happenings: readonly RunHappening[]): RunState {
  return happenings.reduce(
    (state, happening) => applyHappening(state, happening, START),
    newRunState(START),
  );
}

test.each<[Failure, Failure["code"], RegExp, RegExp]>([
  [words.runUnknown("r1", "/handoffs"), "run_unknown", /no run r1 in \/handoffs/, /delegate list/],
  [words.runConflict(subject, "task"), "run_conflict", /with another task$/, /delegate show r1/],
  [words.folderGone(subject), "storage_failed", /folder of run r1 was deleted/, /don't clean/],
  [words.handoffGone(subject), "storage_failed", /nor its copy can be read/, /another run id/],
  [words.canceled(subject, "me", null), "canceled", /canceled by me$/, /delegate again/],
  [words.canceled(subject, "me", "too\nlate"), "canceled", /by me: too late$/, /delegate again/],
])(
  "a user is told what became of a run, and what to do: $message",
  (failure, code, message, hint) => {
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(hint);
  },
);

describe("who leaves a run", () => {
  test.each<[LeaveReason, Failure["code"], string]>([
    ["not_waiting", "interrupted", "not waiting for the outcome"],
    ["interrupted", "interrupted", "interrupted"],
    ["terminated", "terminated", "terminated"],
    ["wait_over", "still_running", "the time to wait is over"],
    ["aborted", "interrupted", "stopped waiting"],
  ])("(%s) is told so, and how to come back", (reason, code, why) => {
    expect(words.left(subject, reason, after(started, sending, admitted))).toEqual({
      code,
      message: `${why}; lead goes on with run r1`,
      hint: "get the result with: delegate wait r1",
    });
  });

  test("while its agent asks is told to look for the questions first", () => {
    const { hint } = words.left(subject, "interrupted", after(started, blocked));
    expect(hint).toMatch(/^delegate questions lists what it asks; .*delegate wait r1$/);
  });

  test.each<[string, RunState | "followed", string]>([
    ["before it began", after(), "the task is not with lead yet"],
    ["before the task left", after(started), "the task is not with lead yet"],
    ["after the task left", after(started, sending), "lead may have begun with run r1"],
    ["between attempts", after(started, sending, resting), "run r1 rests before attempt 2"],
    ["while its agent asks", after(started, blocked), "lead is blocked in run r1, and asks"],
    ["after its end", after(ended), "run r1 has ended, and its answer may still come"],
    ["that another process drives", "followed", "run r1 goes on"],
  ])("%s is not told that the agent works", (_when, state, rest) => {
    expect(words.left(subject, "interrupted", state).message).toBe(`interrupted; ${rest}`);
  });
});
