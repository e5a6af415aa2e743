import { expect, test } from "vitest";
import { Turnstile } from "../src/turnstile.ts";

test("so many are let in at a time, the others in their order as places are given back", async () => {
  const turnstile = new Turnstile(1);
  const told: string[] = [];
  const first = await turnstile.enter();
  const second = turnstile.enter().then((leave) => {
    told.push("second");
    return leave;
  });
  const third = turnstile.enter().then((leave) => {
    told.push("third");
    return leave;
  });
  expect(told).toEqual([]);
  first();
  const leaveSecond = await second;
  expect(told).toEqual(["second"]);
  leaveSecond();
  await third;
  expect(told).toEqual(["second", "third"]);
});

test("who leaves twice gives back one place", async () => {
  const turnstile = new Turnstile(1);
  const leave = await turnstile.enter();
  leave();
  leave();
  expect(turnstile.tryToEnter()).not.toBeNull();
  expect(turnstile.tryToEnter()).toBeNull();
});
