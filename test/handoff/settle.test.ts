import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileReading } from "../../src/handoff/read.ts";
import type { FileState, Settlement } from "../../src/handoff/settle.ts";
import { conclude, QUIET_MS, settle, toldState } from "../../src/handoff/settle.ts";
import { bytesOf, expecting, handoff } from "./samples.ts";

const absent: FileReading = { kind: "absent" };

function written(value: unknown, stamp = "1"): FileReading {
  return { kind: "read", bytes: bytesOf(value), stamp };
}

function working(notes: string): FileReading {
  return written({ status: "working", notes }, notes);
}

function refused(mayPass: boolean, reason = "there is a folder"): FileReading {
  return { kind: "refused", reason, mayPass, stamp: "1" };
}

function look(before: FileState | null, file: FileReading, nowMs: number): Settlement {
  return settle(before, file, expecting(), nowMs);
}

describe("looking at a file that is written bit by bit", () => {
  test("nothing there: nothing to tell", () => {
    expect(look(null, absent, 0)).toEqual({ state: null, report: null, lookAgainInMs: null });
  });

  test("a whole handoff is told at once, and once", () => {
    const first = look(null, written(handoff()), 0);
    expect(first.report?.kind).toBe("handoff");
    expect(look(first.state, written(handoff()), 1).report).toBe(null);
  });

  test("the same content written again is a sign of life", () => {
    const first = look(null, written(handoff()), 0);
    expect(look(first.state, written(handoff(), "2"), 1).report).toEqual({ kind: "touched" });
  });

  test("another content is told again", () => {
    const first = look(null, written({ status: "working" }), 0);
    expect(first.report?.kind).toBe("working");
    expect(look(first.state, written(handoff(), "2"), 1).report?.kind).toBe("handoff");
    expect(look(first.state, written({ status: "worried" }), 1).report?.kind).toBe("rejected");
  });

  test("the same content after the file was gone is not told again", () => {
    const first = look(null, written({}), 0);
    const gone = look(first.state, absent, 1);
    expect(look(gone.state, written({}, "2"), 2).report).toEqual({ kind: "touched" });
  });

  test("an unfinished file that disappears is forgotten", () => {
    const first = look(null, written("{"), 0);
    expect(look(first.state, absent, 1)).toEqual({
      state: null,
      report: null,
      lookAgainInMs: null,
    });
  });

  test("an unfinished file is looked at again, ever more slowly, until it is called malformed", () => {
    let nowMs = 0;
    let settled = look(null, written("{"), nowMs);
    expect(settled.report).toEqual({ kind: "touched" });
    const waits: number[] = [];
    while (settled.lookAgainInMs !== null) {
      waits.push(settled.lookAgainInMs);
      nowMs += settled.lookAgainInMs;
      settled = look(settled.state, written("{"), nowMs);
    }
    expect(waits.slice(0, 7)).toEqual([5, 10, 20, 40, 80, 160, 160]);
    expect(nowMs).toBe(QUIET_MS);
    expect(settled.report).toMatchObject({ kind: "rejected", code: "malformed" });
    expect(look(settled.state, written("{"), nowMs + 9_999).report).toBe(null);
  });

  test("each change starts the quiet time anew", () => {
    const first = look(null, written("{"), 0);
    const second = look(first.state, written('{"'), 1_400);
    const third = look(second.state, written('{"', "2"), 2_800);
    expect([second.report, third.report]).toEqual([{ kind: "touched" }, { kind: "touched" }]);
    expect(look(third.state, written('{"', "2"), 4_299).report).toBe(null);
    expect(look(third.state, written('{"', "2"), 4_300).report?.kind).toBe("rejected");
  });

  test("an empty file waits to be filled, however long", () => {
    const first = look(null, written(""), 0);
    expect(first.report).toEqual({ kind: "touched" });
    const later = look(first.state, written(""), 60_000);
    expect(later).toMatchObject({ report: null, lookAgainInMs: null });
    expect(look(later.state, written(handoff(), "2"), 60_001).report?.kind).toBe("handoff");
  });

  test("a large file that does not end like an object is not parsed before it is quiet", () => {
    const part = `{"result": "${"x".repeat(70_000)}`;
    const first = look(null, written(part), 0);
    expect(first.report).toEqual({ kind: "touched" });
    expect(look(first.state, written(part), QUIET_MS).report?.kind).toBe("rejected");
    const whole = written(`${JSON.stringify(handoff({ result: part }))}\n`, "2");
    expect(look(first.state, whole, 1).report?.kind).toBe("handoff");
  });
});

describe("a file that can't be read", () => {
  test("is turned down at once when it is of the wrong kind, and once", () => {
    const first = look(null, refused(false), 0);
    expect(first.report).toEqual({
      kind: "rejected",
      code: "malformed",
      problems: [{ at: "", message: "there is a folder" }],
    });
    expect(look(first.state, refused(false), 1).report).toBe(null);
    expect(look(first.state, written(handoff(), "2"), 1).report?.kind).toBe("handoff");
  });

  test("gets the quiet time when it may be readable later", () => {
    const first = look(null, refused(true, "no permission"), 0);
    expect(first.report).toEqual({ kind: "touched" });
    expect(look(first.state, refused(true, "no permission"), QUIET_MS).report?.kind).toBe(
      "rejected",
    );
  });
});

/** What is told of a file that changes every so many milliseconds, looked at when it changes and when that is asked for. */
function flood(changes: number, everyMs: number): { words: string; atMs: number }[] {
  const told: { words: string; atMs: number }[] = [];
  let state: FileState | null = null;
  for (let change = 1; change <= changes; change += 1) {
    const untilMs = change === changes ? Infinity : change * everyMs;
    let nextLookMs: number | null = (change - 1) * everyMs;
    while (nextLookMs !== null && nextLookMs < untilMs) {
      const nowMs: number = nextLookMs;
      const settled = look(state, working(`${change}`), nowMs);
      state = settled.state;
      if (settled.report?.kind === "working")
        told.push({ words: settled.report.working.notes ?? "", atMs: nowMs });
      nextLookMs = settled.lookAgainInMs === null ? null : nowMs + settled.lookAgainInMs;
    }
  }
  return told;
}

describe("signs of life by the thousand", () => {
  test("are told at most four in any second, and the newest words are not lost", () => {
    const told = flood(1_000, 3);
    expect(told.map(({ words }) => words).slice(0, 4)).toEqual(["1", "2", "3", "4"]);
    expect(told.at(-1)?.words).toBe("1000");
    for (const [index, { atMs }] of told.entries())
      expect(atMs - (told[index - 4]?.atMs ?? -1_000)).toBeGreaterThanOrEqual(1_000);
    expect(told.length).toBeLessThanOrEqual(4 * 5);
  });

  test("that come one by one are all told, at once", () => {
    const told = flood(20, 300);
    expect(told).toEqual(
      Array.from({ length: 20 }, (_, index) => ({ words: `${index + 1}`, atMs: index * 300 })),
    );
  });

  test("still show that the agent is alive while they are held back", () => {
    let settled = look(null, working("0"), 0);
    for (const notes of ["1", "2", "3"]) settled = look(settled.state, working(notes), 0);
    settled = look(settled.state, working("4"), 10);
    expect(settled).toMatchObject({ report: { kind: "touched" }, lookAgainInMs: 990 });
    expect(look(settled.state, working("4"), 20)).toMatchObject({
      report: null,
      lookAgainInMs: 980,
    });
    const gone = look(settled.state, absent, 30);
    expect(look(gone.state, working("4"), 1_000).report?.kind).toBe("working");
  });

  test("never hold a handoff back", () => {
    let settled = look(null, working("0"), 0);
    for (const notes of ["1", "2", "3", "4"]) settled = look(settled.state, working(notes), 0);
    expect(look(settled.state, written(handoff()), 1).report?.kind).toBe("handoff");
    const last = toldState(settled.state, working("5"), 1);
    expect(look(last, working("6"), 2).report).toEqual({ kind: "touched" });
  });
});

describe("the last word", () => {
  test("an unfinished file is malformed, a missing one nothing", () => {
    expect(conclude(written("{"), expecting())).toMatchObject({ code: "malformed" });
    expect(conclude(written(""), expecting())).toMatchObject({ code: "malformed" });
    expect(conclude(absent, expecting())).toBe(null);
    expect(conclude(written(handoff()), expecting())?.kind).toBe("handoff");
  });

  test("is not told again by a later look", () => {
    const state = toldState(null, written("{"), 0);
    expect(look(state, written("{"), 1).report).toBe(null);
    expect(toldState(null, absent, 0)).toBe(null);
  });
});

test("however a handoff is cut into writes, it is told once it is whole, and never called wrong before", () => {
  const whole = bytesOf(handoff({ result: "äß 🙂 }" }));
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: whole.length - 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, fc.nat({ max: QUIET_MS - 1 }), (lengths, pauseMs) => {
      let state: FileState | null = null;
      let nowMs = 0;
      for (const length of [...lengths.toSorted((a, b) => a - b), whole.length]) {
        const bytes = whole.subarray(0, length);
        const settled = look(state, { kind: "read", bytes, stamp: String(length) }, nowMs);
        expect(settled.report?.kind).toBe(length === whole.length ? "handoff" : "touched");
        state = settled.state;
        nowMs += pauseMs;
      }
    }),
  );
});
