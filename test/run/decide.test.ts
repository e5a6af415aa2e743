import { describe, expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import type { Handoff } from "../../src/handoff/document.ts";
import type { FileReading } from "../../src/run/decide/decide-file.ts";
import { decide } from "../../src/run/decide/decide.ts";
import type { SendResult } from "../../src/run/decide/decide-sent.ts";
import { wakeAtMs } from "../../src/run/decide/decide-time.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import { aroundAt, completeHandoff, sampleLimits, START } from "./samples.ts";
import { Story } from "./story.ts";

const refusal = {
  kind: "refused",
  httpStatus: 503,
  reason: "busy",
  code: "send_failed",
  isRetryable: true,
  retryAfterMs: null,
} as const;

function types(happenings: readonly RunHappening[]): readonly string[] {
  return happenings.map(({ type }) => type);
}

function endOf(happenings: readonly RunHappening[]): RunHappening | undefined {
  return happenings.find(({ type }) => type === "run_ended");
}

function handoff(changes: Partial<Handoff> = {}): FileReading {
  return { kind: "handoff", handoff: { ...completeHandoff, ...changes } };
}

function working(notes: string): FileReading {
  return { kind: "working", working: { status: "working", notes } };
}

function halfDone(percent: number): FileReading {
  return { kind: "working", working: { status: "working", notes: "half", percent } };
}

function timedOutOnce(): Story {
  const story = new Story().admit(0);
  story.tell(300_000, { kind: "time" });
  return story;
}

function timedOut(): Story {
  const story = new Story({ attempts: 1 }).admit(0);
  story.tell(300_000, { kind: "time" });
  return story;
}

describe("sending", () => {
  test("is noted before the request leaves", () => {
    const fact = { kind: "sending", attempt: 1, idempotencyKey: "r1.1", bodyBytes: 900 } as const;
    expect(new Story().tell(0, fact)).toEqual([
      { type: "attempt_sending", attempt: 1, idempotencyKey: "r1.1", bodyBytes: 900 },
    ]);
  });

  test("of an attempt that is over is not noted any more", () => {
    const story = new Story();
    story.tell(1, { kind: "file", attempt: 1, reading: handoff() });
    const late = { kind: "sending", attempt: 1, idempotencyKey: "r1.1", bodyBytes: 900 } as const;
    expect(story.tell(2, late)).toEqual([]);
  });

  test("that the gateway admits starts the wait", () => {
    const story = new Story().admit(1_000);
    expect(story.state).toMatchObject({
      phase: "waiting",
      attempt: 1,
      admittedAtMs: START + 1_000,
    });
  });

  test("that the gateway answers only at the end is admitted and over at once", () => {
    const reply = {
      kind: "admitted",
      gatewayRunId: null,
      isIdempotent: true,
      agentEnd: { completion: "ok" },
    } as const;
    const happenings = new Story().tell(9, {
      kind: "sent",
      attempt: 1,
      result: { kind: "reply", reply },
    });
    expect(types(happenings)).toEqual(["attempt_admitted", "agent_ended"]);
  });

  test.each<[string, SendResult, string, string]>([
    ["a busy gateway", { kind: "reply", reply: refusal }, "send_failed", "retry_scheduled"],
    [
      "a wrong token",
      {
        kind: "reply",
        reply: { ...refusal, httpStatus: 401, code: "unauthorized", isRetryable: false },
      },
      "unauthorized",
      "run_ended",
    ],
    ["a sick gateway", { kind: "unhealthy", reason: "HTTP 500" }, "unreachable", "retry_scheduled"],
    ["nobody there", { kind: "not_reached", reason: "refused" }, "unreachable", "retry_scheduled"],
    ["a connection that broke", { kind: "broken", reason: "reset" }, "send_failed", "run_ended"],
    ["silence", { kind: "unanswered", reason: "no answer" }, "send_failed", "run_ended"],
    [
      "a trouble of ours",
      { kind: "failed", failure: { code: "storage_failed", message: "disk", hint: "room" } },
      "storage_failed",
      "run_ended",
    ],
  ])("to %s fails with a reason", (_case, result, code, next) => {
    const happenings = new Story().tell(5, { kind: "sent", attempt: 1, result });
    expect(happenings).toMatchObject([
      { type: "attempt_failed", attempt: 1, failure: { code } },
      { type: next },
    ]);
  });

  test("to a gateway that asks for a rest is tried again after that rest", () => {
    const reply = { ...refusal, retryAfterMs: 60_000 };
    const happenings = new Story().tell(0, {
      kind: "sent",
      attempt: 1,
      result: { kind: "reply", reply },
    });
    expect(happenings.at(-1)).toEqual({
      type: "retry_scheduled",
      attempt: 2,
      dueAt: "2026-11-21T12:01:00.000Z",
    });
  });

  test("is over once: a second answer changes nothing", () => {
    const story = new Story().admit(1);
    const again: SendResult = { kind: "not_reached", reason: "refused" };
    expect(story.tell(2, { kind: "sent", attempt: 1, result: again })).toEqual([]);
  });
});

describe("waiting", () => {
  test.each<[string, Partial<typeof sampleLimits>, number, RegExp]>([
    ["the attempt's time is up", {}, 301_000, /nothing over within 300 s/],
    ["there was no sign of life", { idleTimeoutMs: 20_000 }, 21_000, /no sign of life for 20 s/],
    ["the run's deadline has come", { deadlineMs: 60_000 }, 60_000, /deadline of 60 s/],
  ])("ends when %s", (_case, limits, ms, message) => {
    const story = new Story({ attempts: 1, ...limits }).admit(1_000);
    expect(story.tell(ms - 1, { kind: "time" })).toEqual([]);
    expect(wakeAtMs(story.state, { ...sampleLimits, ...limits })).toBe(START + ms);
    const happenings = story.tell(ms, { kind: "time" });
    expect(endOf(happenings)).toMatchObject({ status: "timeout", code: "timeout" });
    expect(JSON.stringify(happenings)).toMatch(message);
  });

  test("ends a second after the agent's own run, when there is no file", () => {
    const story = new Story({ attempts: 1 }).admit(0);
    const completed = { kind: "completed", attempt: 1, completion: "ok" } as const;
    expect(types(story.tell(5_000, completed))).toEqual(["agent_ended"]);
    expect(story.tell(5_999, { kind: "time" })).toEqual([]);
    expect(endOf(story.tell(6_000, { kind: "time" }))).toMatchObject({ code: "no_handoff" });
  });

  test("ends with what kept our own gateway from writing the handoff, when it says so", () => {
    const story = new Story({ attempts: 1 }).admit(0);
    const handoffError = "no space left on the disk";
    const end = { completion: "error", handoffError } as const;
    expect(story.tell(5_000, { kind: "completed", attempt: 1, ...end })).toEqual([
      { type: "agent_ended", attempt: 1, ...end },
    ]);
    expect(endOf(story.tell(6_000, { kind: "time" }))).toMatchObject({
      code: "storage_failed",
      failure: { message: expect.stringContaining(handoffError) },
    });
  });

  test("ends as a timeout when the gateway stops the agent at the same moment as we would", () => {
    const story = new Story({ attempts: 1 }).admit(0);
    const happenings = story.tell(299_500, { kind: "completed", attempt: 1, completion: "error" });
    expect(types(happenings)).toEqual(["agent_ended", "attempt_failed", "run_ended"]);
    expect(endOf(happenings)).toMatchObject({ code: "timeout" });
  });

  test("does not take an earlier error of the agent's run for that", () => {
    const story = new Story({ attempts: 1 }).admit(0);
    const happenings = story.tell(299_499, { kind: "completed", attempt: 1, completion: "error" });
    expect(types(happenings)).toEqual(["agent_ended"]);
  });

  test("goes on after an early error of the agent's run, for the second that its file may need", () => {
    const story = new Story().admit(0);
    const happenings = story.tell(9_000, { kind: "completed", attempt: 1, completion: "error" });
    expect(types(happenings)).toEqual(["agent_ended"]);
  });

  test("goes on when the connection is lost, and ends when the gateway is gone", () => {
    const story = new Story({ attempts: 1 }).admit(0);
    const lost = { kind: "connection_lost", attempt: 1, reason: "reset" } as const;
    expect(types(story.tell(1, lost))).toEqual(["connection_lost"]);
    const gone = { kind: "gateway_gone", attempt: 1, reason: "refused" } as const;
    expect(endOf(story.tell(2, gone))).toMatchObject({ code: "unreachable" });
  });

  test("hears nothing of an attempt that is not its own", () => {
    const story = new Story().admit(0);
    expect(story.tell(1, { kind: "completed", attempt: 2, completion: "ok" })).toEqual([]);
    expect(story.tell(1, { kind: "connection_lost", attempt: 2, reason: "x" })).toEqual([]);
    expect(story.tell(1, { kind: "gateway_gone", attempt: 2, reason: "x" })).toEqual([]);
  });

  test("ends when the run's folder is deleted", () => {
    const story = new Story().admit(0);
    const happenings = story.tell(1, { kind: "folder_gone" });
    expect(happenings).toMatchObject([{ type: "run_ended", code: "storage_failed" }]);
    expect(story.tell(2, { kind: "folder_gone" })).toEqual([]);
  });
});

describe("the file", () => {
  test.each(["complete", "partial"] as const)("that is %s ends the run well", (status) => {
    const story = new Story().admit(1_000);
    const happenings = story.tell(4_000, {
      kind: "file",
      attempt: 1,
      reading: handoff({ status }),
    });
    expect(happenings).toEqual([
      { type: "handoff_accepted", attempt: 1, status, isLate: false },
      { type: "run_ended", status, code: null, attempts: 1, latencyMs: 4_000, failure: null },
    ]);
  });

  test("that is blocked ends the run with the agent's question", () => {
    const reading = handoff({ status: "blocked", questions: [{ text: "Which branch?" }] });
    const happenings = new Story().admit(0).tell(1, { kind: "file", attempt: 1, reading });
    expect(endOf(happenings)).toMatchObject({
      status: "blocked",
      code: "agent_blocked",
      failure: { message: "lead is blocked and asks: Which branch?" },
    });
  });

  test("that failed is tried again, and is the answer after the last attempt", () => {
    const reading = handoff({ status: "failed", result: "no such plan" });
    const story = new Story().admit(0);
    const first = story.tell(1, { kind: "file", attempt: 1, reading });
    expect(types(first)).toEqual(["attempt_failed", "retry_scheduled"]);
    story.tell(9_000, { kind: "time" });
    const second = story.tell(9_001, { kind: "file", attempt: 2, reading });
    expect(types(second)).toEqual(["handoff_accepted", "attempt_failed", "run_ended"]);
    expect(endOf(second)).toMatchObject({ status: "failed", code: "agent_failed", attempts: 2 });
  });

  test("that is wrong is tried again, with all that is wrong in it", () => {
    const problems = [
      { at: "/status", message: "is missing" },
      { at: "/result", message: "is empty" },
    ];
    const reading = { kind: "rejected", code: "invalid", problems } as const;
    const happenings = new Story().admit(0).tell(1, { kind: "file", attempt: 1, reading });
    expect(happenings).toMatchObject([
      { type: "attempt_failed", failure: { code: "invalid", problems } },
      { type: "retry_scheduled", attempt: 2, dueAt: "2026-11-21T12:00:01.501Z" },
    ]);
  });

  test("that comes even before the gateway's answer counts", () => {
    const story = new Story();
    const happenings = story.tell(1, { kind: "file", attempt: 1, reading: handoff() });
    expect(endOf(happenings)).toMatchObject({ status: "complete" });
  });

  test("that shows work resets the idle clock, and its words are told when they are new", () => {
    const story = new Story({ idleTimeoutMs: 20_000 }).admit(0);
    const told = story.tell(10, { kind: "file", attempt: 1, reading: working("half") });
    expect(told).toEqual([{ type: "agent_working", attempt: 1, text: "half", percent: null }]);
    expect(story.tell(20, { kind: "file", attempt: 1, reading: working("half") })).toEqual([]);
    story.tell(15_000, { kind: "file", attempt: 1, reading: working("half") });
    expect(story.tell(30_000, { kind: "time" })).toEqual([]);
    expect(types(story.tell(35_000, { kind: "time" }))).toContain("attempt_failed");
  });

  test.each([
    [{ notes: null, result: "so far" }, "so far"],
    [{}, ""],
    [{ notes: "x".repeat(3_000) }, `${"x".repeat(1_999)}…`],
  ])("that shows work says %j", (fields, text) => {
    const reading: FileReading = { kind: "working", working: { status: "working", ...fields } };
    const happenings = new Story().admit(0).tell(2_000, { kind: "file", attempt: 1, reading });
    expect(happenings).toEqual([{ type: "agent_working", attempt: 1, text, percent: null }]);
  });

  test("that shows work tells how far it is, and that is news when the words are the same", () => {
    const story = new Story().admit(0);
    story.tell(10, { kind: "file", attempt: 1, reading: halfDone(45) });
    expect(story.tell(20, { kind: "file", attempt: 1, reading: halfDone(45) })).toEqual([]);
    expect(story.tell(30, { kind: "file", attempt: 1, reading: halfDone(46) })).toEqual([
      { type: "agent_working", attempt: 1, text: "half", percent: 46 },
    ]);
    expect(story.state).toMatchObject({ lastWords: "half", lastPercent: 46 });
  });

  test("that changes without saying anything is a sign of life, at most once a second", () => {
    const story = new Story().admit(0);
    const touched = { kind: "file", attempt: 1, reading: { kind: "touched" } } as const;
    expect(story.tell(999, touched)).toEqual([]);
    expect(types(story.tell(1_000, touched))).toEqual(["agent_active"]);
    expect(story.tell(1_500, touched)).toEqual([]);
  });
});

describe("a late file", () => {
  test("of an earlier attempt ends the run while it rests or tries again", () => {
    const story = timedOutOnce();
    const happenings = story.tell(300_100, { kind: "file", attempt: 1, reading: handoff() });
    expect(happenings).toMatchObject([
      { type: "handoff_accepted", attempt: 1, isLate: true },
      { type: "run_ended", status: "complete", attempts: 1 },
    ]);
  });

  test("of an earlier attempt ends the run also while the next one is at work", () => {
    const story = timedOutOnce();
    story.tell(310_000, { kind: "time" });
    story.admit(311_000, 2);
    const wrong = { kind: "rejected", code: "malformed", problems: [] } as const;
    expect(story.tell(312_000, { kind: "file", attempt: 1, reading: wrong })).toEqual([]);
    expect(story.tell(313_000, { kind: "file", attempt: 1, reading: handoff() })).toMatchObject([
      { type: "handoff_accepted", attempt: 1, isLate: true },
      { type: "run_ended", status: "complete", attempts: 2 },
    ]);
  });

  test.each<[string, FileReading]>([
    ["failed", handoff({ status: "failed" })],
    ["is wrong", { kind: "rejected", code: "malformed", problems: [] }],
  ])("of an earlier attempt that %s does not disturb the next one", (_case, reading) => {
    const story = timedOutOnce();
    expect(story.tell(300_100, { kind: "file", attempt: 1, reading })).toEqual([]);
  });

  test.each([
    ["complete", "complete", null],
    ["blocked", "blocked", "agent_blocked"],
    ["failed", "failed", "agent_failed"],
  ] as const)("that is %s answers a run that had timed out", (written, status, code) => {
    const story = timedOut();
    const reading = handoff({ status: written });
    expect(story.tell(400_000, { kind: "file", attempt: 1, reading })).toMatchObject([
      { type: "handoff_accepted", isLate: true },
      { type: "run_ended", status, code, latencyMs: 400_000 },
    ]);
    expect(story.tell(400_001, { kind: "file", attempt: 1, reading })).toEqual([]);
  });

  test("with signs of life wakes no run that has ended", () => {
    const story = timedOut();
    for (const reading of [{ kind: "touched" } as const, working("still at it")]) {
      expect(story.tell(400_000, { kind: "file", attempt: 1, reading })).toEqual([]);
    }
  });
});

describe("between attempts", () => {
  test("the run rests, then begins the next one", () => {
    const story = new Story();
    story.tell(0, { kind: "sent", attempt: 1, result: { kind: "not_reached", reason: "refused" } });
    expect(wakeAtMs(story.state, sampleLimits)).toBe(START + 1_500);
    expect(story.tell(1_499, { kind: "time" })).toEqual([]);
    expect(story.tell(1_500, { kind: "time" })).toEqual([{ type: "attempt_started", attempt: 2 }]);
  });

  test("the deadline leaves no room for a next attempt that could begin only after it", () => {
    const story = new Story({ deadlineMs: 1_000 });
    const result = { kind: "not_reached", reason: "refused" } as const;
    const happenings = story.tell(0, { kind: "sent", attempt: 1, result });
    expect(endOf(happenings)).toMatchObject({ code: "unreachable" });
  });
});

describe("the clock alone", () => {
  test("changes nothing before the run has begun, while it sends, or when it is over", () => {
    expect(wakeAtMs(newRunState(START), sampleLimits)).toBeNull();
    expect(decide(newRunState(START), { kind: "time" }, aroundAt(0))).toEqual([]);
    const story = new Story({ deadlineMs: 60_000 });
    expect(wakeAtMs(story.state, sampleLimits)).toBeNull();
    expect(wakeAtMs(story.state, { ...sampleLimits, deadlineMs: 60_000 })).toBe(START + 60_000);
    story.tell(1, { kind: "file", attempt: 1, reading: handoff() });
    expect(wakeAtMs(story.state, { ...sampleLimits, deadlineMs: 60_000 })).toBeNull();
    expect(story.tell(61_000, { kind: "time" })).toEqual([]);
  });

  test("notices the earliest of all limits", () => {
    const limits = { ...sampleLimits, idleTimeoutMs: 20_000, deadlineMs: 200_000 };
    const story = new Story(limits).admit(0);
    expect(wakeAtMs(story.state, limits)).toBe(START + 20_000);
    story.tell(3_000, { kind: "completed", attempt: 1, completion: "ok" });
    expect(wakeAtMs(story.state, limits)).toBe(START + 4_000);
  });

  test("running backwards makes no negative latency", () => {
    const happenings = new Story().tell(-5, { kind: "file", attempt: 1, reading: handoff() });
    expect(endOf(happenings)).toMatchObject({ latencyMs: 0 });
  });
});
