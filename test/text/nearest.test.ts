import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/text/nearest.ts";

describe("the nearest word", () => {
  test.each([
    ["tokne", ["token", "timeout"], "token"],
    ["web-ster", ["webster", "tester"], "webster"],
    ["Coder", ["coder"], "coder"],
    ["hookpath", ["hookPath"], "hookPath"],
    ["tech-laed", ["tech-lead", "coder"], "tech-lead"],
    ["retries", ["retry", "registry"], null],
    ["x", ["y"], null],
    ["", ["a"], null],
    ["url", [], null],
  ])("%s among %j is %s", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  test("the nearer of two wins, and the first of equals", () => {
    expect(nearest("coder", ["coders", "coder"])).toBe("coder");
    expect(nearest("codex", ["coder", "codes"])).toBe("coder");
  });

  test("a word of absurd length is not measured", () => {
    expect(nearest("a".repeat(1_000_000), ["a".repeat(999_999)])).toBeNull();
  });

  test("one swap, one letter more or one less is always found in longer words", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,20}$/), fc.nat(18), (word, seed) => {
        const index = seed % (word.length - 1);
        const swapped =
          word.slice(0, index) + word[index + 1] + word[index] + word.slice(index + 2);
        const shorter = word.slice(0, index) + word.slice(index + 1);
        const longer = `${word.slice(0, index)}q${word.slice(index)}`;
        for (const typo of [swapped, shorter, longer]) expect(nearest(typo, [word])).toBe(word);
      }),
    );
  });
});

test("a suggestion reads as the end of a sentence, or is nothing", () => {
  expect(didYouMean("tokne", ["token"])).toBe('; did you mean "token"?');
  expect(didYouMean("zebra", ["token"])).toBe("");
});
