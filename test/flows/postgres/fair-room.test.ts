import { defaultSettings } from "../../../src/questions/routing.ts";
import { describe, expect, test } from "vitest";
import { Places } from "../../../src/flows/store/places.ts";
import { fairRoom, headStart } from "../../../src/flows/store/postgres/fair-room.ts";

const limits = { steps: 8, agents: {}, groups: {} };
const claimer = {
  worker: 1,
  workerName: "host:1",
  only: null,
  limits,
  escalation: defaultSettings,
  agents: null,
  hasFolder: (path: string) => path === "/here",
  aliveMs: 90_000,
};
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

describe("a task is left", () => {
  const lane = { agent: null, group: null, budgetOf: null, folder: null };
  const here = { lane: { ...lane, folder: "/here" }, sinceMs: 70_000 };
  const elsewhere = { lane: { ...lane, folder: "/elsewhere" }, sinceMs: 70_000 };

  test("to nobody by whoever has room", () => {
    expect(headStart({ lane, sinceMs: 0 }, claimer, true)).toBe(0);
    expect(headStart(here, claimer, true)).toBe(0);
  });

  test("to those who have room, for a moment", () => {
    expect(headStart({ lane, sinceMs: 0 }, claimer, false)).toBe(200);
    expect(headStart(here, claimer, false)).toBe(200);
  });

  test("to those who have its folder, for a minute", () => {
    expect(headStart(elsewhere, claimer, true)).toBe(60_000);
    expect(headStart({ ...elsewhere, sinceMs: 0 }, claimer, true)).toBe(60_000);
  });

  test("to those who have its folder, for a minute after one has come", () => {
    const young = { ...claimer, aliveMs: 20_000 };
    expect(headStart(elsewhere, young, true)).toBe(60_000 + 50_000);
    expect(headStart({ ...elsewhere, sinceMs: 0 }, young, true)).toBe(60_000);
  });
});
