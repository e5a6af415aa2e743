import { describe, expect, test } from "vitest";
import { parseEvent, parseEvents } from "../../src/run/stored/event-lines.ts";

const line = (seq: number, type = "driver_took_over"): string =>
  JSON.stringify({ seq, at: "2026-11-21T12:00:00.000Z", runId: "r1", type, generation: 2 });

describe("a file of events", () => {
  test("is read line by line", () => {
    const { events, isTorn } = parseEvents(`${line(1)}\n${line(2)}\n`);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(isTorn).toBe(false);
  });

  test("may be empty", () => {
    expect(parseEvents("")).toEqual({ events: [], isTorn: false });
  });

  test("whose last line was cut off keeps the lines before, and tells", () => {
    const { events, isTorn } = parseEvents(`${line(1)}\n${line(2).slice(0, 30)}`);
    expect(events.map(({ seq }) => seq)).toEqual([1]);
    expect(isTorn).toBe(true);
  });

  test("which only misses its last line end loses nothing", () => {
    expect(parseEvents(`${line(1)}\n${line(2)}`)).toMatchObject({ events: [{}, {}], isTorn: true });
  });
});

test("an agent's sign of life from an earlier version, which did not ask how far it is, is read", () => {
  const old = { seq: 1, at: "2026-11-21T12:00:00.000Z", runId: "r1", type: "agent_working" };
  const told = { ...old, attempt: 1, text: "half" };
  expect(parseEvent(JSON.stringify(told))).toEqual({ ...told, percent: null });
  const newer = { ...told, percent: 45 };
  expect(parseEvent(JSON.stringify(newer))).toEqual(newer);
});

describe("a line is passed over", () => {
  test.each([
    ["that is empty", ""],
    ["that is no JSON", "{"],
    ["that is no object", "7"],
    ["that is null", "null"],
    ["without a type", '{"seq":1,"at":""}'],
    ["with a type of a newer version", line(1, "agent_asked")],
    ["with a type that every object has", line(1, "toString")],
    ["with a type that is no word", '{"type":7,"seq":1,"at":""}'],
    ["without a number", '{"type":"run_ended","at":""}'],
    ["with a number that is none", '{"type":"run_ended","seq":"1","at":""}'],
    ["without an instant", '{"type":"run_ended","seq":1}'],
    ["with an instant that is none", '{"type":"run_ended","seq":1,"at":7}'],
    ["with an instant that can't be read", '{"type":"run_ended","seq":1,"at":"soon"}'],
  ])("%s", (_what, text) => {
    expect(parseEvent(text)).toBeNull();
  });
});
