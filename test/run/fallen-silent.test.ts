import { started, admitted, timedOut as ended } from "./happenings.ts";
import { describe, expect, test } from "vitest";
import type { RunHappening } from "../../src/events/event.ts";
import { hasFallenSilent } from "../../src/run/fallen-silent.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import { sampleRequest, START } from "./samples.ts";

const minutes = 60_000;
const resting: RunHappening = {
  type: "retry_scheduled",
  attempt: 2,
  dueAt: new Date(START + 10 * minutes).toISOString(),
};

function isSilent(happenings: readonly RunHappening[], afterMs: number): boolean {
  const state = happenings.reduce(
    (before, happening) => applyHappening(before, happening, START),
    newRunState(START),
  );
  return hasFallenSilent(state, sampleRequest, START + afterMs);
}

describe("a driver on another host counts as dead", () => {
  const cases: readonly (readonly [string, readonly RunHappening[], number])[] = [
    ["when it was to begin, and did not", [], 1.5 * minutes],
    ["when it was sending for longer than that can take", [started], 1.5 * minutes],
    ["when the attempt's time is over, and it did not say so", [started, admitted], 5.5 * minutes],
    ["when the next attempt was due, and did not begin", [started, resting], 10.5 * minutes],
  ];
  test.each(cases)("%s", (_title, happenings, afterMs) => {
    expect(isSilent(happenings, afterMs)).toBe(false);
    expect(isSilent(happenings, afterMs + 1)).toBe(true);
  });

  test("never while it stays for a late answer", () => {
    expect(isSilent([started, admitted, ended], 1_000 * minutes)).toBe(false);
  });
});
