import { expect, test } from "vitest";
import type { Failure } from "../../../src/failure.ts";
import { Departure } from "../../../src/flows/store/departure.ts";

const full: Failure = { code: "storage_failed", message: "full", hint: "make room" };
const passing = { failure: full, isPassing: true };
const patience = { patienceMs: 100, warnAfterMs: 10, leaveMs: 50 };

test("the first reason to leave counts, and sets how long it may take", () => {
  const departure = new Departure(patience);
  expect(departure.byMs).toBe(Number.POSITIVE_INFINITY);
  expect(departure.leave("signal", 1_000)).toBe(true);
  expect(departure.leave("flow_ended", 1_010)).toBe(false);
  expect(departure.because).toBe("signal");
  expect(departure.byMs).toBe(1_050);
});

test("what breaks while it leaves does not make it stay longer", () => {
  const departure = new Departure(patience);
  departure.leave("signal", 1_000);
  departure.break(full, 1_040);
  expect(departure.broken).toBe(full);
  expect(departure.byMs).toBe(1_050);
});

test("trouble that passes is told once when it lasts, and breaks when nothing runs any more", () => {
  const departure = new Departure(patience);
  const answers = [0, 9, 10, 20, 99].map((nowMs) => departure.trouble(passing, false, nowMs));
  expect(answers).toEqual(["wait", "wait", "warn", "wait", "wait"]);
  expect(departure.trouble(passing, true, 500)).toBe("wait");
  expect(departure.trouble(passing, false, 500)).toBe("break");
});

test("trouble that is over is forgotten", () => {
  const departure = new Departure(patience);
  departure.trouble(passing, false, 0);
  departure.troubleIsOver();
  expect(departure.isInTrouble).toBe(false);
  expect(departure.trouble(passing, false, 100)).toBe("wait");
});

test("what does not pass breaks at once", () => {
  const departure = new Departure(patience);
  expect(departure.trouble({ failure: full, isPassing: false }, true, 0)).toBe("break");
});
