import { expect, test } from "vitest";
import { Places } from "../../../src/flows/places.ts";
import { fairRoom } from "../../../src/flows/store/postgres/fair-room.ts";

const limits = { steps: 8, agents: {}, groups: {} };
const claimer = { worker: 1, workerName: "host:1", only: null, limits, agents: null };
const places = new Places(limits);

test("one worker alone may take everything", () => {
  expect(fairRoom(claimer, { places, workers: 1, own: 0 })).toBe(8);
});

test("of several each has an equal share, rounded up", () => {
  expect(fairRoom(claimer, { places, workers: 3, own: 1 })).toBe(2);
  expect(fairRoom(claimer, { places, workers: 3, own: 4 })).toBe(-1);
});

test("there need not be a worker that takes any flow run", () => {
  expect(fairRoom(claimer, { places, workers: 0, own: 0 })).toBe(8);
});

test("one that is there for a single flow run takes all of it", () => {
  expect(fairRoom({ ...claimer, only: 7 }, { places, workers: 3, own: 8 })).toBe(Infinity);
});
