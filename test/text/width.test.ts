import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellsOf, fitCells, padCells } from "../../src/text/width.ts";

describe("the cells of a terminal", () => {
  test.each([
    ["plain", 5],
    ["naïve", 5],
    ["nai\u0308ve", 5],
    ["日本", 4],
    ["한국어", 6],
    ["✅ ok", 5],
    ["𠮷", 2],
    ["a\u200bb", 2],
    ["…", 1],
  ])("%s takes %i", (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });

  test.each([
    ["plain", 5, "plain"],
    ["plain", 4, "pla…"],
    ["日本語", 4, "日…"],
    ["日本語", 5, "日本…"],
    ["plain", 1, "…"],
    ["日", 1, "…"],
    ["plain", 0, ""],
  ])("%s fits into %i as %j", (text, cells, fitted) => {
    expect(fitCells(text, cells)).toBe(fitted);
  });

  test("are never more than there are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, cells) => {
        expect(cellsOf(fitCells(text, cells))).toBeLessThanOrEqual(cells);
      }),
    );
  });

  test("are filled up", () => {
    expect(padCells("日", 4)).toBe("日  ");
    expect(padCells("long", 2)).toBe("long");
  });
});
