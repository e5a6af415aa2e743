import { started, admitted, blocked } from "../run/happenings.ts";
import { describe, expect, test } from "vitest";
import type { WaitFacts } from "../../src/cli/live/describe-wait.ts";
import { describeWait } from "../../src/cli/live/describe-wait.ts";
import type { RunHappening } from "../../src/events/event.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import { sampleLimits, sampleRequest, START } from "../run/samples.ts";

const active = { type: "agent_active", attempt: 1 } as const;
const working = { type: "agent_working", attempt: 1, text: "half", percent: 45.4 } as const;
const failure = { code: "timeout", message: "too late", hint: "wait" } as const;
const failed = {
  type: "attempt_failed",
  attempt: 1,
  failure,
  isRetryable: true,
  retryAfterMs: null,
} as const;
const scheduled = {
  type: "retry_scheduled",
  attempt: 2,
  dueAt: new Date(START + 15_000).toISOString(),
} as const;
const ended = {
  type: "run_ended",
  status: "timeout",
  code: "timeout",
  attempts: 2,
  latencyMs: 9_000,
  failure,
} as const;
const asked = {
  type: "question_opened",
  questionId: "r1.q1",
  attempt: 1,
  text: "Which?",
  options: [],
  freeText: true,
  askedBy: "lead",
} as const;

/** What the line says 12 s after the start, when these have happened second by second. */
function lineAfter(happenings: readonly RunHappening[], more: Partial<WaitFacts> = {}): string {
  let state = newRunState(START);
  let work: WaitFacts["work"] = null;
  for (const [index, happening] of happenings.entries()) {
    const atMs = START + 1_000 * index;
    state = applyHappening(state, happening, atMs);
    const at = new Date(atMs).toISOString();
    if (happening.type === "agent_working") work = { ...happening, seq: index, at, runId: "r1" };
  }
  const facts = { request: sampleRequest, state, work, nowMs: START + 12_400, leavesAtMs: null };
  return describeWait({ ...facts, ...more });
}

describe("the live line says", () => {
  test.each<[string, readonly RunHappening[], string]>([
    ["that it is being sent", [], "lead: sending 12 s"],
    ["which attempt is being sent", [started], "lead: sending 1/2 12 s"],
    ["how long it waits", [started, admitted], "lead: waiting 1/2 12 s, 4 min 49 s left"],
    [
      "that the agent works",
      [started, admitted, active],
      "lead: working 1/2 12 s, 4 min 49 s left",
    ],
    [
      "what the agent says",
      [started, admitted, working],
      "lead: working 1/2 12 s, 4 min 49 s left: 45 %: half",
    ],
    [
      "what it asks while it works",
      [started, admitted, asked],
      "lead: asking 1/2 12 s, 4 min 49 s left: Which?",
    ],
    [
      "what it asks and can't go on without",
      [started, admitted, blocked, asked],
      "lead: asking 1/3 12 s: Which?",
    ],
    [
      "nothing of another attempt before that one is scheduled",
      [started, admitted, failed],
      "lead: waiting 1/2 12 s, 4 min 49 s left",
    ],
    [
      "when the next attempt is due, and why",
      [started, admitted, working, failed, scheduled],
      "lead: trying again 2/2 12 s: in 3 s: too late",
    ],
    [
      "no words of an earlier attempt",
      [started, admitted, working, { ...admitted, attempt: 2 }],
      "lead: waiting 2/2 12 s, 4 min 51 s left",
    ],
    ["that it is over", [ended], "lead: timeout, waiting for a late handoff 12 s"],
  ])("%s", (_what, happenings, line) => {
    expect(lineAfter(happenings)).toBe(line);
  });

  test("nothing of attempts when there is only one", () => {
    const request = { ...sampleRequest, limits: { ...sampleLimits, attempts: 1 } };
    expect(lineAfter([started], { request })).toBe("lead: sending 12 s");
  });

  test.each([
    [{ deadlineMs: 60_000 }, null, "48 s left"],
    [{ timeoutMs: 20_000 }, null, "9 s left"],
    [{ timeoutMs: 5_000 }, null, "0 s left"],
    [{}, START + 20_000, "8 s left"],
  ])("the time that is left of %j, and when it leaves at %j", (limits, leavesAtMs, left) => {
    const request = { ...sampleRequest, limits: { ...sampleLimits, ...limits } };
    const line = lineAfter([started, admitted], { request, leavesAtMs });
    expect(line).toBe(`lead: waiting 1/2 12 s, ${left}`);
  });
});
