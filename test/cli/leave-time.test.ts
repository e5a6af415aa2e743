import { admitted, resting, timedOut as ended } from "../run/happenings.ts";
import { expect, test } from "vitest";
import type { WaitLimits } from "../../src/cli/live/leave-time.ts";
import { leaveAtMs } from "../../src/cli/live/leave-time.ts";
import type { RunHappening } from "../../src/events/event.ts";
import { applyHappening } from "../../src/run/decide/apply-happening.ts";
import { newRunState } from "../../src/run/decide/state.ts";
import { START } from "../run/samples.ts";

const unlimited: WaitLimits = { timeoutMs: null, deadlineMs: null, idleTimeoutMs: null };

test.each<[string, Partial<WaitLimits>, number, readonly RunHappening[], number | null]>([
  ["never without a limit", {}, 5_000, [admitted], null],
  ["after its own time", { timeoutMs: 7_000 }, 5_000, [admitted], 12_000],
  ["when the run is so old", { deadlineMs: 60_000 }, 5_000, [admitted], 60_000],
  ["after one look when the run is older", { deadlineMs: 60_000 }, 90_000, [admitted], 91_000],
  ["so long after a sign of life", { idleTimeoutMs: 9_000 }, 100, [admitted], 10_000],
  ["not for signs that nobody listened to", { idleTimeoutMs: 9_000 }, 50_000, [admitted], 59_000],
  ["never while no sign can come", { idleTimeoutMs: 9_000 }, 100, [admitted, resting], null],
  ["after one look when all is over", { timeoutMs: 1 }, 50_000, [ended], 51_000],
  ["so long after it came when all is over", { idleTimeoutMs: 9_000 }, 50_000, [ended], 59_000],
  [
    "at the first of several limits",
    { timeoutMs: 7_000, deadlineMs: 6_500, idleTimeoutMs: 9_000 },
    0,
    [admitted],
    6_500,
  ],
])("who waits leaves %s", (_when, limits, beganMs, happenings, leavesMs) => {
  const state = happenings.reduce(
    (before, happening) => applyHappening(before, happening, START + 1_000),
    newRunState(START),
  );
  const leavesAtMs = leaveAtMs({ ...unlimited, ...limits }, state, START + beganMs);
  expect(leavesAtMs).toBe(leavesMs === null ? null : START + leavesMs);
});

test("of a run that is not there only the time from now on is known", () => {
  const limits = { timeoutMs: 7_000, deadlineMs: 1, idleTimeoutMs: 1 };
  expect(leaveAtMs(limits, null, START)).toBe(START + 7_000);
});
