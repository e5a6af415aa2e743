import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RetryFacts } from "../src/retry.ts";
import { computeBackoffDelayMs, decideRetry } from "../src/retry.ts";

const policy = { attempts: 3, baseMs: 1_000, maxMs: 3_000 };
const facts: RetryFacts = {
  attempt: 1,
  isRetryable: true,
  retryAfterMs: null,
  nowMs: 10_000,
  deadlineAtMs: null,
  random: 1,
};

describe("after a failed attempt", () => {
  test.each<[string, Partial<RetryFacts>, ReturnType<typeof decideRetry>]>([
    ["the next one follows after the backoff", {}, { kind: "again", atMs: 11_000 }],
    [
      "the time that the gateway asks for wins over the backoff",
      { retryAfterMs: 60_000 },
      { kind: "again", atMs: 70_000 },
    ],
    [
      "the gateway may ask for no rest at all",
      { retryAfterMs: 0 },
      { kind: "again", atMs: 10_000 },
    ],
    [
      "there is no other one when it could not help",
      { isRetryable: false },
      { kind: "give_up", because: "not_retryable" },
    ],
    [
      "there is no other one after the last",
      { attempt: 3 },
      { kind: "give_up", because: "attempts_used_up" },
    ],
    [
      "there is no other one that would begin at the deadline",
      { deadlineAtMs: 11_000 },
      { kind: "give_up", because: "deadline" },
    ],
    [
      "there is one that begins just before the deadline",
      { deadlineAtMs: 11_001 },
      { kind: "again", atMs: 11_000 },
    ],
  ])("%s", (_title, changed, decision) => {
    expect(decideRetry({ ...facts, ...changed }, policy)).toEqual(decision);
  });
});

describe("the backoff", () => {
  test.each([
    { attempt: 1, random: 1, delayMs: 1_000 },
    { attempt: 2, random: 1, delayMs: 2_000 },
    { attempt: 3, random: 1, delayMs: 3_000 },
    { attempt: 1, random: 0, delayMs: 500 },
    { attempt: 2, random: 0.5, delayMs: 1_500 },
  ])("after attempt $attempt with the dice at $random is $delayMs ms", (given) => {
    expect(computeBackoffDelayMs(given.attempt, policy, given.random)).toBe(given.delayMs);
  });

  test("is never longer than the most, nor less than half of what it would be without jitter", () => {
    const anyPolicy = fc.record({
      attempts: fc.constant(3),
      baseMs: fc.nat(1_000_000),
      maxMs: fc.nat(1_000_000),
    });
    const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), anyPolicy, dice, (attempt, some, random) => {
        const delayMs = computeBackoffDelayMs(attempt, some, random);
        const full = Math.min(some.baseMs * 2 ** (attempt - 1), some.maxMs);
        expect(delayMs).toBeLessThanOrEqual(full);
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(full / 2));
      }),
    );
  });
});
