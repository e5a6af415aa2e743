import { describe, expect, test } from "vitest";
import { instantOf, readStoredEvent } from "../../src/follow/stored-event.ts";
import { complete, created, eventAt, lineOf } from "./samples.ts";

describe("a line of a log", () => {
  test("is read with its event", () => {
    const line = lineOf(1, created).trimEnd();
    const event = eventAt(1, created);
    expect(readStoredEvent(line)).toEqual({ line, seq: 1, at: event.at, runId: "r1", event });
    expect(instantOf(line)).toBe(event.at);
  });

  test("of a newer version is kept, without its meaning", () => {
    const line = '{"seq":3,"at":"2026-11-21T12:00:00.000Z","runId":"r1","type":"not_invented_yet"}';
    expect(readStoredEvent(line)).toMatchObject({ line, seq: 3, event: null });
  });

  test("that was torn and written on gives the event behind the tear", () => {
    const whole = lineOf(2, complete).trimEnd();
    const torn = lineOf(1, created).slice(0, 60);
    expect(readStoredEvent(torn + whole)).toMatchObject({ line: whole, seq: 2 });
  });

  test.each([
    "",
    "garbage",
    "null",
    "[]",
    "{}",
    '{"seq":"1"}',
    '{"seq":1,"at":5}',
    '{"seq":1,"at":"never","runId":"r1","type":"x"}',
    '{"seq":1,"at":"2026-11-21T12:00:00.000Z","type":"x"}',
    '{"seq":1,"at":"2026-11-21T12:00:00.000Z","runId":7,"type":"x"}',
    '{"seq":1,{"seq":2,"at":',
  ])("%j holds no event", (line) => {
    expect(readStoredEvent(line)).toBeNull();
  });

  test("that is not ours tells no instant", () => {
    expect(instantOf('{"at":"2026-11-21T12:00:00.000Z"}')).toBeNull();
  });
});
