import { expect, test } from "vitest";
import { backoffMs, newDesk, nextCall, usualPace } from "../../src/telegram/next-call.ts";
import type { Desk } from "../../src/telegram/next-call.ts";
import { applyToStatus, newRunStatus } from "../../src/telegram/run-status.ts";
import { viewOfRun } from "../../src/telegram/run-view.ts";
import type { StatusView } from "../../src/telegram/status-view.ts";
import { RUN, START, admittedOf, completed, created, eventsOf, sendingOf } from "./samples.ts";

const events = eventsOf([
  [0, created],
  [0, sendingOf(1)],
  [0, admittedOf(1)],
  [90, completed],
]);

function statusAfter(count: number): StatusView {
  return viewOfRun(events.slice(0, count).reduce(applyToStatus, newRunStatus(RUN)), () => null);
}

/** A run that waits, shown as it was at that second. */
function waitingDesk(shownAtSecond: number, change: Partial<Desk> = {}): Desk {
  const atMs = START + shownAtSecond * 1_000;
  const status = statusAfter(3);
  return {
    ...newDesk,
    status,
    hasStatusMessage: "yes",
    shown: { text: status.textAt(atMs), atMs },
    touchedAtMs: atMs,
    ...change,
  };
}

function at(desk: Desk, seconds: number): string {
  const call = nextCall(desk, usualPace, START + seconds * 1_000);
  const until = "untilMs" in call && call.untilMs !== null ? (call.untilMs - START) / 1_000 : "";
  return `${call.kind} ${until}`.trim();
}

test("the status message comes first, before questions and also when the run is over already", () => {
  expect(at({ ...newDesk, status: statusAfter(1), postsWaiting: 1 }, 0)).toBe("send_status");
  expect(at({ ...newDesk, status: statusAfter(4) }, 90)).toBe("send_status");
});

test("a change is shown at once, but at most one a second", () => {
  const sent = waitingDesk(0, { shown: { text: "sending", atMs: START } });
  expect(at(sent, 0.4)).toBe("pause 1");
  expect(at(sent, 0.999)).toBe("pause 1");
  expect(at(sent, 1)).toBe("edit_status");
});

test("time alone changes the message every 15 s", () => {
  expect(at(waitingDesk(2), 3)).toBe("rest 17");
  expect(at(waitingDesk(2), 16.9)).toBe("rest 17");
  expect(at(waitingDesk(2), 17)).toBe("edit_status");
});

test("the end is shown in the status message, and then told in a new one, once", () => {
  const ended = waitingDesk(89.5, { status: statusAfter(4) });
  expect(at(ended, 90)).toBe("pause 90.5");
  expect(at(ended, 90.5)).toBe("edit_status");
  const text = statusAfter(4).textAt(START);
  const shown = { ...ended, shown: { text, atMs: START + 90_500 } };
  expect(at(shown, 90.5)).toBe("tell_outcome");
  expect(at({ ...shown, toldSeq: 4 }, 91)).toBe("rest");
});

test("a message that nobody remembers the text of is edited", () => {
  expect(at(waitingDesk(0, { shown: null, touchedAtMs: 0 }), 0)).toBe("edit_status");
});

test("a status message that is lost is left alone, the outcome still told", () => {
  expect(at(waitingDesk(0, { hasStatusMessage: "lost", shown: null }), 60)).toBe("rest");
  expect(at(waitingDesk(0, { hasStatusMessage: "lost", status: statusAfter(4) }), 90)).toBe(
    "tell_outcome",
  );
});

test("nothing is called before Telegram's pause is over, and nothing is waited for when all is told", () => {
  const blockedUntilMs = START + 30_000;
  expect(at({ ...newDesk, status: statusAfter(1), blockedUntilMs }, 29)).toBe("pause 30");
  expect(at({ ...newDesk, status: statusAfter(1), blockedUntilMs }, 30)).toBe("send_status");
  expect(at({ ...waitingDesk(2), blockedUntilMs }, 3)).toBe("rest 17");
});

test("what belongs to no run is sent without a status", () => {
  expect(at({ ...newDesk, postsWaiting: 1 }, 0)).toBe("post");
  expect(at(newDesk, 0)).toBe("rest");
});

test("pauses grow after each failure, up to half a minute", () => {
  expect([0, 1, 2, 3, 5, 6, 99].map((count) => backoffMs(count, usualPace))).toEqual([
    1_000, 1_000, 2_000, 4_000, 16_000, 30_000, 30_000,
  ]);
});
