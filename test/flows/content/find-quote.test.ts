import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findQuote } from "../../../flows/evidence/find-quote.mjs";

const lines = [
  "import { a } from './a';",
  "",
  "export function close(file) {",
  "  if (file === null) {",
  "    return;",
  "  }",
  "  file.close();",
  "}",
  "",
  "export function open(path) {",
  "  if (path === null) {",
  "    return null;",
  "  }",
  "  return new File(path);",
  "}",
];

describe("where a quote stands", () => {
  it("is near at the line, and a few lines away from it", () => {
    expect(findQuote(lines, 7, "file.close();")).toEqual({ place: "near", line: 7 });
    expect(findQuote(lines, 2, "file.close();")).toEqual({ place: "near", line: 7 });
    expect(findQuote(lines, 12, "file.close();")).toEqual({ place: "near", line: 7 });
  });

  it("is elsewhere further away, and says where", () => {
    expect(findQuote(lines, 1, "file.close();")).toEqual({ place: "elsewhere", line: 7 });
    expect(findQuote(lines, 13, "file.close();")).toEqual({ place: "elsewhere", line: 7 });
  });

  it("takes the nearest of several", () => {
    const twice = [...lines, ...lines];
    expect(findQuote(twice, 20, "file.close();")).toEqual({ place: "near", line: 22 });
    expect(findQuote(twice, 8, "file.close();")).toEqual({ place: "near", line: 7 });
  });

  it("may go over several lines, whatever their indents and line breaks", () => {
    expect(findQuote(lines, 4, "if (file === null) { return; }")).toEqual({
      place: "near",
      line: 4,
    });
    expect(findQuote(lines, 6, "if (file===null) {\r\n\treturn;\r\n}")).toEqual({
      place: "near",
      line: 4,
    });
  });

  it("is nowhere when something was left out or added", () => {
    expect(findQuote(lines, 4, "if (file === null) { … }")).toEqual({ place: "nowhere" });
    expect(findQuote(lines, 7, "file.close(true);")).toEqual({ place: "nowhere" });
    expect(findQuote(lines, 7, "FILE.CLOSE();")).toEqual({ place: "nowhere" });
  });

  it("is too short when it could stand anywhere, unless it is a whole line", () => {
    expect(findQuote(lines, 7, "file")).toEqual({ place: "too-short" });
    expect(findQuote(lines, 5, "return;")).toEqual({ place: "near", line: 5 });
    expect(findQuote(lines, 7, " ")).toEqual({ place: "too-short" });
    expect(findQuote(lines, 7, "")).toEqual({ place: "too-short" });
    expect(findQuote(lines, 7, "zz")).toEqual({ place: "nowhere" });
  });

  it("is nowhere in a file without lines, and at lines that can't be", () => {
    expect(findQuote([], 1, "file.close();")).toEqual({ place: "nowhere" });
    expect(findQuote(lines, -30, "return;")).toEqual({ place: "too-short" });
    expect(findQuote(lines, -30, "file.close();")).toEqual({ place: "elsewhere", line: 7 });
    expect(findQuote(lines, 1e9, "file.close();")).toEqual({ place: "elsewhere", line: 7 });
  });

  it("is found wherever it was taken from", () => {
    const text = fc.array(fc.stringMatching(/^[ab ]{0,12}$/), { minLength: 1, maxLength: 30 });
    const place = fc.tuple(fc.nat(), fc.nat(3));
    fc.assert(
      fc.property(text, place, (written, [start, more]) => {
        const from = start % written.length;
        const quote = written.slice(from, from + more + 1).join("\n");
        fc.pre(quote.replaceAll(/\s/g, "").length >= 8);
        expect(findQuote(written, from + 1, quote).place).toBe("near");
      }),
    );
  });
});
