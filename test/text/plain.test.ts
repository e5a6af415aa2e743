import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainJson, plainLine, plainText } from "../../src/text/plain.ts";
import { anyCharacter } from "../rig/any-text.ts";

const texts = fc.string({ unit: anyCharacter });
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

describe("a text on a terminal", () => {
  test.each([
    ["\u001b[2Jgone", String.raw`\x1b[2Jgone`],
    ["\u001b]0;title\u0007", String.raw`\x1b]0;title\x07`],
    ["c1 \u009b31m", String.raw`c1 \x9b31m`],
    ["over\rwritten", String.raw`over\x0dwritten`],
    ["safe \u202etxt.exe", String.raw`safe \x202etxt.exe`],
    ["line\r\nline\n\ttab", "line\nline\n\ttab"],
    ["Grüße, 世界 🙂", "Grüße, 世界 🙂"],
  ])("%j is shown as %j", (text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  test("can't move the cursor, set the title or turn the writing, whatever it is", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(plainText(text).replaceAll(/[\n\t]/g, "")).not.toMatch(unsafe);
        expect(plainLine(text)).not.toMatch(unsafe);
      }),
    );
  });

  test("stays on its line when it has to", () => {
    expect(plainLine("  one\n\ttwo \u001b[0m ")).toBe(String.raw`one two \x1b[0m`);
  });
});

describe("JSON on a terminal", () => {
  test("is the same document, without a character that does something", () => {
    fc.assert(
      fc.property(fc.dictionary(texts, texts), (value) => {
        const json = plainJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json.replaceAll("\n", "")).not.toMatch(unsafe);
      }),
    );
  });

  test("is indented for people", () => {
    expect(plainJson({ a: "\u009b" })).toBe('{\n  "a": "\\u009b"\n}');
  });
});
