import { describe, expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import { failureKinds } from "../../src/failure.ts";
import type { FailureCode } from "../../src/failure.ts";
import { attemptNamedBy, latestAttempt, opennessOf } from "../../src/run/own-attempt.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import type { RunState } from "../../src/run/decide/state.ts";
import { START } from "./samples.ts";
import { Story } from "./story.ts";

describe("the path of a handoff file", () => {
  test("names the attempt and the folder of all handoffs", () => {
    expect(attemptNamedBy("/srv/my handoffs/r1/attempt-2.json", "r1")).toEqual({
      handoffDir: "/srv/my handoffs",
      attempt: 2,
    });
  });

  test.each([
    ["another run's", "/srv/handoffs/r2/attempt-1.json"],
    ["another file of the run", "/srv/handoffs/r1/run.json"],
    ["of an attempt that no run has", "/srv/handoffs/r1/attempt-9.json"],
    ["relative", "handoffs/r1/attempt-1.json"],
    ["not given", ""],
  ])("is of no use when it is %s", (_what, path) => {
    expect(attemptNamedBy(path, "r1")).toBeNull();
  });
});

test("a run has come to its latest attempt, or is about to begin the first", () => {
  const story = new Story();
  expect(latestAttempt(newRunState(START))).toBe(1);
  expect(latestAttempt(story.state)).toBe(1);
  story.apply({ type: "attempt_started", attempt: 2 }, 1);
  expect(latestAttempt(story.state)).toBe(2);
});

function endedWith(code: FailureCode | null): RunState {
  const failure = code === null ? null : { code, message: "", hint: "" };
  const status = code === null ? "complete" : failureKinds[code].status;
  const end: RunHappening = {
    type: "run_ended",
    status,
    code,
    attempts: 1,
    latencyMs: 1,
    failure,
  };
  return applyHappening(new Story().state, end, START);
}

describe("a run takes a handoff", () => {
  test("as long as it goes on", () => {
    expect(opennessOf(new Story().state)).toBe("open");
  });

  test.each<FailureCode>(["timeout", "invalid", "no_handoff", "unreachable"])(
    "late after its end with %s",
    (code) => {
      expect(opennessOf(endedWith(code))).toBe("late");
    },
  );

  test.each<FailureCode | null>([null, "agent_failed", "canceled", "agent_blocked"])(
    "no more after its end with %s",
    (code) => {
      expect(opennessOf(endedWith(code))).toBe("over");
    },
  );
});
