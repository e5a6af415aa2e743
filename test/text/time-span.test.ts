import { expect, test } from "vitest";
import { formatAge, formatElapsed, spellTime } from "../../src/text/time-span.ts";

test.each([
  [-5, "0 s"],
  [40_400, "40 s"],
  [60_000, "1 min"],
  [192_000, "3 min 12 s"],
  [7_500_000, "2 h 5 min"],
])("%d ms are spelled %s", (ms, words) => {
  expect(spellTime(ms)).toBe(words);
});

test.each([
  [-1, "0 s"],
  [400, "0 s"],
  [99_400, "99 s"],
  [100_000, "2 min"],
  [5_999_000, "100 min"],
  [6_000_000, "2 h"],
  [172_800_000, "2 d"],
])("an age of %i ms is told as %s", (ms, age) => {
  expect(formatAge(ms)).toBe(age);
});

test.each([
  [-5, "0s"],
  [59_999, "59s"],
  [63_000, "1m03s"],
  [7_500_000, "2h05m"],
  [3 * 86_400_000 + 4 * 3_600_000, "3d04h"],
])("%i ms are told as %s", (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});
