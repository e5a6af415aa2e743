import { started, admitted } from "./happenings.ts";
import { describe, expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { attemptsBegun, newRunState } from "../../src/run/decide/state.ts";
import type { RunState } from "../../src/run/decide/state.ts";
import { creationOf } from "../../src/run/request.ts";
import { sampleRequest, START } from "./samples.ts";

const failure = { code: "timeout", message: "too late", hint: "wait" } as const;

/** The state after these things happened, a second apart. */
function after(...happenings: readonly RunHappening[]): RunState {
  return happenings.reduce(
    (state, happening, index) => applyHappening(state, happening, START + index * 1_000),
    newRunState(START),
  );
}

describe("a run's state follows from what happened", () => {
  test.each<[string, readonly RunHappening[], object]>([
    ["created", [creationOf(sampleRequest)], { phase: "created", createdAtMs: START }],
    ["begun", [started], { phase: "sending", attempt: 1, isSending: false }],
    [
      "sending",
      [started, { type: "attempt_sending", attempt: 1, idempotencyKey: "r1.1", bodyBytes: 9 }],
      { phase: "sending", isSending: true, sinceMs: START + 1_000 },
    ],
    [
      "waiting",
      [started, admitted],
      { phase: "waiting", admittedAtMs: START + 1_000, signAtMs: START + 1_000, agentEnd: null },
    ],
    [
      "waiting, with words of the agent",
      [started, admitted, { type: "agent_working", attempt: 1, text: "half", percent: null }],
      { phase: "waiting", signAtMs: START + 2_000, lastWords: "half" },
    ],
    [
      "sending, with words that came before the gateway's answer",
      [started, { type: "agent_working", attempt: 1, text: "half", percent: null }],
      { phase: "sending", lastWords: "half" },
    ],
    [
      "waiting, with a sign of life",
      [started, admitted, { type: "agent_active", attempt: 1 }],
      { phase: "waiting", signAtMs: START + 2_000 },
    ],
    [
      "waiting, when the agent's run has ended",
      [started, admitted, { type: "agent_ended", attempt: 1, completion: "ok" }],
      { phase: "waiting", agentEnd: { atMs: START + 2_000, completion: "ok" } },
    ],
    [
      "resting",
      [
        started,
        { type: "attempt_failed", attempt: 1, failure, isRetryable: true, retryAfterMs: null },
        { type: "retry_scheduled", attempt: 2, dueAt: "2026-11-21T12:01:00.000Z" },
      ],
      { phase: "resting", dueAtMs: START + 60_000, lastFailure: { attempt: 1, failure } },
    ],
    [
      "ended",
      [
        started,
        {
          type: "run_ended",
          status: "timeout",
          code: "timeout",
          attempts: 1,
          latencyMs: 5,
          failure,
        },
      ],
      { phase: "ended", end: { status: "timeout", attempts: 1, latencyMs: 5, failure } },
    ],
  ])("%s", (_title, happenings, state) => {
    expect(after(...happenings)).toMatchObject(state);
  });

  test.each<RunHappening>([
    { type: "connection_lost", attempt: 1, reason: "reset" },
    { type: "handoff_accepted", attempt: 1, status: "complete", isLate: false },
    { type: "driver_left", generation: 1, reason: "interrupted" },
    { type: "driver_took_over", generation: 2 },
  ])("and $type leaves it as it is", (happening) => {
    const state = after(started, admitted);
    expect(applyHappening(state, happening, START + 9)).toBe(state);
  });

  test.each<RunHappening>([
    { type: "agent_active", attempt: 1 },
    { type: "agent_ended", attempt: 1, completion: "ok" },
  ])("and $type means something only while it waits", (happening) => {
    const state = after(started);
    expect(applyHappening(state, happening, START + 9)).toBe(state);
  });
});

test("the attempts begun are counted in every phase", () => {
  const retry: RunHappening = {
    type: "retry_scheduled",
    attempt: 2,
    dueAt: "2026-11-21T12:01:00Z",
  };
  const end: RunHappening = {
    type: "run_ended",
    status: "complete",
    code: null,
    attempts: 2,
    latencyMs: 5,
    failure: null,
  };
  expect(attemptsBegun(after())).toBe(0);
  expect(attemptsBegun(after(started))).toBe(1);
  expect(attemptsBegun(after(started, admitted))).toBe(1);
  expect(attemptsBegun(after(started, retry))).toBe(1);
  expect(attemptsBegun(after(started, retry, { type: "attempt_started", attempt: 2 }))).toBe(2);
  expect(attemptsBegun(after(started, end))).toBe(2);
});
