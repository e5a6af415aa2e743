import { describe, expect, test } from "vitest";
import { dayOf, dayOfFileName, startOfDayMs } from "../../src/follow/day.ts";
import { parseSince, sinceAtMs } from "../../src/follow/since.ts";
import { noonMs } from "./samples.ts";

function moment(text: string): string | null {
  const since = parseSince(text);
  return since === null ? null : new Date(sinceAtMs(since, noonMs)).toISOString();
}

describe("--since", () => {
  test.each([
    ["30s", "2026-11-21T11:59:30.000Z"],
    ["10m", "2026-11-21T11:50:00.000Z"],
    ["2h", "2026-11-21T10:00:00.000Z"],
    ["3d", "2026-11-18T12:00:00.000Z"],
    ["1w", "2026-11-14T12:00:00.000Z"],
    ["0s", "2026-11-21T12:00:00.000Z"],
    ["30000d", "1970-01-01T00:00:00.000Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["2026-11-20T09:00Z", "2026-11-20T09:00:00.000Z"],
    ["2026-11-20T09:00:01.5+01:00", "2026-11-20T08:00:01.500Z"],
    ["2026-11-20T09:00:01,5Z", "2026-11-20T09:00:01.500Z"],
  ])("%s is %s", (text, expected) => {
    expect(moment(text)).toBe(expected);
  });

  test.each([
    "",
    "10",
    "m",
    "-5m",
    "1.5h",
    "10 m",
    "yesterday",
    "999999d",
    "2026-13-01",
    "2026-11-20T",
  ])("%j is no time", (text) => {
    expect(moment(text)).toBeNull();
  });
});

describe("days", () => {
  test("are counted in UTC", () => {
    const lastMs = Date.parse("2026-11-21T23:59:59.999Z");
    expect(dayOf(lastMs)).toBe("2026-11-21");
    expect(dayOf(lastMs + 1)).toBe("2026-11-22");
    expect(startOfDayMs(lastMs)).toBe(Date.parse("2026-11-21T00:00:00Z"));
  });

  test("name their logs", () => {
    expect(dayOfFileName("2026-11-21.jsonl")).toBe("2026-11-21");
    expect(dayOfFileName("gateway.jsonl")).toBeNull();
    expect(dayOfFileName("2026-11-21.jsonl.1")).toBeNull();
  });
});
