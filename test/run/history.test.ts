import { admitted } from "./happenings.ts";
import { describe, expect, test } from "vitest";
import { toIso } from "../../src/clock.ts";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { recordFrom, replay } from "../../src/run/history.ts";
import { sampleRequest, START } from "./samples.ts";

const request = { ...sampleRequest, createdAt: toIso(START) };

function eventsAt(atMs: number, ...happenings: readonly RunHappening[]): readonly RunEvent[] {
  return happenings.map((happening, index) => ({
    seq: index + 1,
    at: toIso(atMs),
    runId: request.runId,
    ...happening,
  }));
}

describe("a run that was recorded with a clock that has been set back since", () => {
  test("counts its time limit from now at the latest", () => {
    const state = replay(request, eventsAt(START + 1_000_000, admitted), START);
    expect(state).toMatchObject({ phase: "waiting", admittedAtMs: START, signAtMs: START });
  });

  test("rests as long as it was to rest", () => {
    const dueAt = toIso(START + 1_000_000 + 700);
    const events = eventsAt(START + 1_000_000, { type: "retry_scheduled", attempt: 2, dueAt });
    expect(replay(request, events, START)).toMatchObject({
      phase: "resting",
      dueAtMs: START + 700,
    });
  });

  test("was created now at the latest", () => {
    const state = replay({ ...request, createdAt: toIso(START + 5_000) }, [], START);
    expect(state.createdAtMs).toBe(START);
  });
});

describe("a run whose clock was right", () => {
  test("is replayed as it was recorded", () => {
    const dueAt = toIso(START + 700);
    const events = eventsAt(START, { type: "retry_scheduled", attempt: 2, dueAt });
    expect(replay(request, events, START + 10)).toEqual(replay(request, events));
  });
});

describe("the record of a run from its events", () => {
  test("was updated when the last of them happened", () => {
    const record = recordFrom(request, eventsAt(START + 3_000, admitted));
    expect(record).toMatchObject({
      phase: "waiting",
      attempts: 1,
      updatedAt: toIso(START + 3_000),
    });
  });

  test("knows a run of which nothing has happened yet", () => {
    expect(recordFrom(request, [])).toMatchObject({ phase: "created", updatedAt: toIso(START) });
  });
});
