import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import type { FileReading } from "../../src/run/decide/decide-file.ts";
import type { Fact } from "../../src/run/decide/decide.ts";
import type { SendResult } from "../../src/run/decide/decide-sent.ts";
import { wakeAtMs } from "../../src/run/decide/decide-time.ts";
import type { RunLimits } from "../../src/run/request.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import { completeHandoff, START } from "./samples.ts";
import { Story } from "./story.ts";

const attempt = fc.integer({ min: 1, max: 3 });
const completion = fc.constantFrom("ok", "error", "skipped");
const reading: fc.Arbitrary<FileReading> = fc.oneof(
  fc.constant({ kind: "touched" } as const),
  fc.constantFrom("half", "nearly").map((notes) => ({
    kind: "working" as const,
    working: { status: "working" as const, notes },
  })),
  fc.constantFrom("complete", "partial", "blocked", "failed").map((status) => ({
    kind: "handoff" as const,
    handoff: { ...completeHandoff, status },
  })),
  fc.constantFrom("malformed", "invalid").map((code) => ({
    kind: "rejected" as const,
    code,
    problems: [],
  })),
);
const result: fc.Arbitrary<SendResult> = fc.oneof(
  fc.record({
    kind: fc.constant("reply"),
    reply: fc.oneof(
      fc.record({
        kind: fc.constant("admitted"),
        gatewayRunId: fc.constant(null),
        isIdempotent: fc.boolean(),
        agentEnd: fc.option(fc.record({ completion })),
      }),
      fc.record({
        kind: fc.constant("refused"),
        httpStatus: fc.constantFrom(400, 401, 503),
        reason: fc.constant("no"),
        code: fc.constantFrom("send_failed", "unauthorized"),
        isRetryable: fc.boolean(),
        retryAfterMs: fc.option(fc.nat(100_000)),
      }),
    ),
  }),
  fc.record({ kind: fc.constantFrom("unhealthy", "not_reached", "broken"), reason: fc.string() }),
  fc.constant({
    kind: "failed" as const,
    failure: { code: "storage_failed" as const, message: "disk", hint: "room" },
  }),
);
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.constant({ kind: "time" } as const),
  attempt.map((n) => ({
    kind: "sending" as const,
    attempt: n,
    idempotencyKey: `r1.${n}`,
    bodyBytes: 1,
  })),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("sent"), attempt, result }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("file"), attempt, reading }) },
  fc.record({ kind: fc.constant("completed"), attempt, completion }),
  fc.record({
    kind: fc.constantFrom("connection_lost", "gateway_gone"),
    attempt,
    reason: fc.string(),
  }),
  fc.constant({ kind: "folder_gone" } as const),
);
const step = fc.record({ afterMs: fc.nat(400_000), fact });
const anyLimits: fc.Arbitrary<RunLimits> = fc.record({
  attempts: attempt,
  timeoutMs: fc.integer({ min: 1, max: 600_000 }),
  deadlineMs: fc.option(fc.integer({ min: 1, max: 600_000 })),
  idleTimeoutMs: fc.option(fc.integer({ min: 1, max: 600_000 })),
  retryBaseMs: fc.nat(5_000),
  retryMaxMs: fc.nat(60_000),
});

function tellAll(limits: RunLimits, steps: readonly { afterMs: number; fact: Fact }[]): Story {
  const story = new Story(limits);
  let now = 0;
  for (const one of steps) {
    now += one.afterMs;
    story.tell(now, one.fact);
  }
  return story;
}

function check(verify: (story: Story, limits: RunLimits) => void): void {
  fc.assert(
    fc.property(anyLimits, fc.array(step, { maxLength: 25 }), (limits, steps) =>
      verify(tellAll(limits, steps), limits),
    ),
    { numRuns: 500 },
  );
}

function all(story: Story): readonly RunHappening[] {
  return story.happened.map(({ happening }) => happening);
}

test("whatever is reported, attempts begin one after the other and never beyond the limit", () => {
  check((story, { attempts }) => {
    const begun = all(story).filter(({ type }) => type === "attempt_started");
    expect(begun).toEqual(
      begun.map((_each, index) => ({ type: "attempt_started", attempt: index + 1 })),
    );
    expect(begun.length).toBeLessThanOrEqual(attempts);
  });
});

test("whatever is reported, after a run's end there is nothing but one late answer", () => {
  check((story) => {
    const happened = all(story);
    const end = happened.findIndex(({ type }) => type === "run_ended");
    const after = end === -1 ? [] : happened.slice(end + 1);
    if (after.length === 0) return;
    expect(after).toMatchObject([
      { type: "handoff_accepted", isLate: true },
      { type: "run_ended" },
    ]);
    expect(happened[end]).not.toMatchObject({ failure: null });
  });
});

test("whatever is reported, what happened tells the state again", () => {
  check((story) => {
    const again = story.happened.reduce(
      (state, { happening, atMs }) => applyHappening(state, structuredClone(happening), atMs),
      newRunState(START),
    );
    expect(again).toEqual(story.state);
  });
});

test("whatever is reported, the clock brings an admitted run to its end, with something to tell at each step", () => {
  check((story, limits) => {
    for (let left = 20; left > 0 && story.state.phase !== "ended"; left -= 1) {
      const wakeAt = wakeAtMs(story.state, limits);
      if (wakeAt === null) {
        expect(story.state.phase).toBe("sending");
        story.admit(
          1_000_000_000 - left,
          story.state.phase === "sending" ? story.state.attempt : 0,
        );
      } else {
        expect(story.tell(wakeAt - START, { kind: "time" })).not.toEqual([]);
      }
    }
    expect(story.state.phase).toBe("ended");
  });
});

test("whatever is reported, a run ends with a status and a failure that agree", () => {
  check((story, { attempts }) => {
    for (const happening of all(story)) {
      if (happening.type !== "run_ended") continue;
      expect(happening.code).toBe(happening.failure?.code ?? null);
      expect(happening.failure === null).toBe(["complete", "partial"].includes(happening.status));
      expect(happening.attempts).toBeLessThanOrEqual(attempts);
    }
  });
});
