import { expect, test } from "vitest";
import { Places } from "../../../src/flows/store/places.ts";

const limits = { steps: 4, agents: { coder: 2 }, groups: { web: 1, none: 0 } };
const lane = (agent: string | null, group: string | null): Parameters<Places["take"]>[0] => ({
  agent,
  group,
});

test("the smallest of all limits counts", () => {
  const places = new Places(limits);
  expect(places.leftFor(lane(null, null))).toBe(4);
  expect(places.leftFor(lane("coder", null))).toBe(2);
  expect(places.leftFor(lane("coder", "web"))).toBe(1);
  expect(places.leftFor(lane("coder", "none"))).toBe(0);
});

test("what has no limit of its own counts with all", () => {
  const places = new Places(limits);
  places.take(lane("other", "else"), 3);
  expect(places.leftFor(lane("other", "else"))).toBe(1);
  expect(places.leftFor(lane("coder", null))).toBe(1);
});

test("a name that every object has is no limit", () => {
  expect(new Places(limits).leftFor(lane("constructor", "toString"))).toBe(4);
});

test("more under way than the limits allow, by a worker with others: nothing is left", () => {
  const places = new Places(limits);
  places.take(lane("coder", "web"), 3);
  expect(places.leftFor(lane("coder", null))).toBe(0);
  expect(places.leftFor(lane(null, "web"))).toBe(0);
  expect(places.leftFor(lane(null, null))).toBe(1);
});
