import { expect, test } from "vitest";
import type { SeenBeats } from "../../../src/flows/store/missed-beats.ts";
import { countMissed, MOST_MISSED } from "../../../src/flows/store/missed-beats.ts";
import type { WorkerRow } from "../../../src/flows/store/sqlite/worker-rows.ts";

function worker(number: number, beat: number): WorkerRow {
  return { number, beat, beatAtMs: 0, identity: { pid: 1, host: "h", startTicks: null } };
}

/** What is found silent after each of these looks. */
function look(...looks: readonly (readonly WorkerRow[])[]): readonly (readonly number[])[] {
  let seen: SeenBeats = new Map();
  return looks.map((others) => {
    const counted = countMissed(seen, others);
    seen = counted.seen;
    return counted.silent;
  });
}

const silence = Array.from({ length: MOST_MISSED }, () => [worker(1, 7)]);

test("a worker is given up after so many looks without a beat, and not before", () => {
  const found = look([worker(1, 7)], ...silence);
  expect(found.slice(0, -1).flat()).toEqual([]);
  expect(found.at(-1)).toEqual([1]);
});

test("one beat is enough to be counted anew", () => {
  expect(look([worker(1, 7)], ...silence.slice(1), [worker(1, 8)], [worker(1, 8)]).flat()).toEqual(
    [],
  );
});

test("a worker that held nothing meanwhile is looked at for the first time", () => {
  expect(look([worker(1, 7)], ...silence.slice(1), [], [worker(1, 7)]).flat()).toEqual([]);
});

test("each worker counts for itself", () => {
  const found = look(
    [worker(1, 7), worker(2, 1)],
    ...silence.map((others, index) => [...others, worker(2, index + 2)]),
  );
  expect(found.at(-1)).toEqual([1]);
});
