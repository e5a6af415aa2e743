import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonText } from "../../src/json/json-text.ts";

describe("a text that is not JSON", () => {
  test.each([
    ["", 1, 1, "the file ends too early"],
    ["{", 1, 2, "the file ends too early"],
    ['{"a": ', 1, 7, "the file ends too early"],
    ['{"a": 1,}', 1, 9, 'a comma too many before "}"'],
    ["[1,]", 1, 4, "a value is missing, or a comma too many before it"],
    ['{"a": }', 1, 7, "a value is missing, or a comma too many before it"],
    ['{"a": 1 "b": 2}', 1, 9, "a comma or a closing bracket is missing here"],
    ["[1 2]", 1, 4, "a comma or a closing bracket is missing here"],
    ['{"a" 1}', 1, 6, 'a ":" is missing here'],
    ['{\n  // why\n  "a": 1\n}', 2, 3, "a comment, and JSON has none"],
    ['{"a": 1} /* end */', 1, 10, "a comment, and JSON has none"],
    ["# yaml", 1, 1, "a comment, and JSON has none"],
    ["{a: 1}", 1, 2, "a key without double quotes"],
    ['{"b": 1, a: 1}', 1, 10, "a key without double quotes"],
    ["{'a': 1}", 1, 2, "a single quote, where JSON wants double quotes"],
    ['{"a": "x', 1, 7, "a string that is not closed, or with a wrong escape"],
    ['{"a": "\\x"}', 1, 7, "a string that is not closed, or with a wrong escape"],
    ['{"a', 1, 2, "a string that is not closed, or with a wrong escape"],
    ['{"a": 1, "b', 1, 10, "a string that is not closed, or with a wrong escape"],
    ['{"a": tru}', 1, 7, "this is no JSON value"],
    ['{"a": 01}', 1, 7, "this is no JSON value"],
    ["{1: 2}", 1, 2, "this is no JSON value"],
    ["{} {}", 1, 4, "something behind the end of the document"],
  ])("%j is wrong at line %d, column %d: %s", (text, line, column, what) => {
    expect(readJsonText(text)).toMatchObject({ ok: false, mistake: { line, column, what } });
  });

  test.each([
    ['{"token": "sk-1" x}', '{"token": "…" x}'],
    ["{\"token\": 'sk-1'}", '{"token": "…"}'],
    ['{"token": sk-12345}', '{"token": …}'],
    ['{"token": "sk-1', '{"token": "…"'],
    ['["--key", "sk-1" 1]', '["…", "…" 1]'],
    ['{"a": true x}', '{"a": true x}'],
  ])("the line %j is shown as %j, since a value may be a secret", (text, excerpt) => {
    expect(readJsonText(text)).toMatchObject({ ok: false, mistake: { excerpt } });
  });

  test("a long line is cut", () => {
    const reading = readJsonText(`[${"1, ".repeat(200)}x]`);
    expect(reading).toMatchObject({
      ok: false,
      mistake: { excerpt: expect.stringMatching(/^.{119}…$/) },
    });
  });
});

describe("a text that is JSON", () => {
  test("a byte order mark at its start is skipped", () => {
    expect(readJsonText('\uFEFF{"a": 1}')).toEqual({ ok: true, value: { a: 1 }, duplicates: [] });
  });

  test("a key that stands twice is found, however deep", () => {
    const text = '{"a": {"b/c": [0, {"x": 1, "x": 2}], "y": 1}, "a": 3, "\\u0061": 4}';
    expect(readJsonText(text)).toMatchObject({
      ok: true,
      duplicates: ["/a/b~1c/1/x", "/a", "/a"],
    });
  });

  test("nesting has no limit", () => {
    expect(readJsonText("[".repeat(200_000)).ok).toBe(false);
    expect(readJsonText("[".repeat(5000) + "]".repeat(5000)).ok).toBe(true);
  });

  test("whatever JSON.stringify writes is read back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(readJsonText(text)).toMatchObject({ ok: true, duplicates: [] });
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
      }),
    );
  });

  test("it agrees with JSON.parse about what is JSON", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      "1",
      "-0.5e3",
      "true",
      " ",
      "\n",
      "x",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(readJsonText(text).ok).toBe(isJson(text));
      }),
      { numRuns: 1000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
