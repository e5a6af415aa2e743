import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readYaml } from "../../../src/flows/file/read-yaml.ts";
import type { Json } from "../../../src/json/json.ts";
import { anyCharacter } from "../../rig/any-text.ts";

describe("a text is read as", () => {
  test.each<[string, string, Json]>([
    ["YAML", "a: 1\nb: [x, true, ~]\n", { a: 1, b: ["x", true, null] }],
    ["JSON", '{\n\t"a": 1,\n\t"b": [1.5, "x"]\n}', { a: 1, b: [1.5, "x"] }],
    ["JSON behind a byte order mark", '\uFEFF{"a": 1}', { a: 1 }],
    ["words that only old YAML understood", "on: yes\noff: no", { on: "yes", off: "no" }],
    ["an expression without quotes", "when: ${{ a }}", { when: "${{ a }}" }],
    ["a block", "a: |\n  one\n    two\n", { a: "one\n  two\n" }],
    ["anchors", "a: &x [1]\nb: *x\nc: &x 2\nd: *x", { a: [1], b: [1], c: 2, d: 2 }],
    ["a number as a key", "1: a", { "1": "a" }],
    ["a date as a text", "a: 2026-11-21", { a: "2026-11-21" }],
  ])("%s", (_name, text, value) => {
    expect(readYaml(text)).toMatchObject({ value, problems: [] });
  });

  test("a name that every object has is one like others", () => {
    const { value } = readYaml("__proto__: 1\nconstructor: 2");
    expect(Object.entries(value ?? {})).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });
});

describe("what is wrong has its place", () => {
  test.each([
    ["", "1:1 the file is empty"],
    ["# nothing\n", "1:1 the file is empty"],
    ["null", "1:1 the file is empty"],
    ["a: 1\na: 2", '2:1 "a" stands here twice'],
    ['{"a": 1,\n "a": 2}', '2:2 "a" stands here twice'],
    ["a: b: c", '1:4 this is no YAML: a text with ": " in it must be in quotes'],
    ["a:\n\t- b", "2:1 this is no YAML: a tab is no indentation; use blanks"],
    [
      "a: { b: ${{ c }} }",
      "1:10 this is no YAML: between { } and [ ], a text with ${{ }} in it must be in quotes",
    ],
    ["{ } x", "1:5 this is no YAML: Unexpected scalar at node end"],
    ["a: 'x", "1:6 this is no YAML: Missing closing 'quote"],
    ["a: !mine 1", "1:4 this is no YAML: Unresolved tag: !mine"],
    ["a: !!binary aGk=", "1:13 this is neither a text nor a number, true, false or null"],
    ["a: .inf", "1:4 this is neither a text nor a number, true, false or null"],
    ["a: 1\n---\nb: 2", "2:1 a second document begins here; a flow is one"],
    ["a: *b", '1:4 there is no anchor "b" above'],
    ["? [a]\n: 1", "1:1 a key here is no word"],
    ["a: &x\n  b: *x", "2:6 this is nested too deeply: 60 levels are the most"],
    ["[".repeat(50_000), "1:61 this is nested too deeply: 60 levels are the most"],
    ["- ".repeat(20_000), "1:121 this is nested too deeply: 60 levels are the most"],
  ])("%j", (text, problem) => {
    const { problems } = readYaml(text);
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      problem,
    ]);
  });

  test("one mistake is told once, whatever follows from it", () => {
    const { problems } = readYaml(`a: {\n${"}\n".repeat(20)}`);
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(readYaml("a: {{{{{{{{{{").problems).toHaveLength(1);
  });

  test("few lines can't stand for billions of values", () => {
    const lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"];
    for (let level = 1; level < 12; level += 1) {
      lines.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)} 1]`);
    }
    const { problems } = readYaml(lines.join("\n"));
    expect(problems.map(({ message }) => message)).toEqual(["it is too much for a flow"]);
  });
});

describe("a complaint is told where it belongs", () => {
  const text = [
    "name: x",
    "steps:",
    '  a: { run: "echo ${{ b }}" }',
    "  b:",
    "    run: |",
    "      first",
    "      ${{ c }}",
    "  c: { run: >-",
    "    folded ${{ d }} }",
    "  'd~/e': 'it''s ${{ f }}'",
    "",
  ].join("\n");
  const { placeOf } = readYaml(
    text.replace("\n    folded ${{ d }} }", "\n    'folded ${{ d }}' }").replace(">-", ""),
  );

  test.each<[string, "key" | "value" | number, string]>([
    ["", "value", "1:1"],
    ["/name", "key", "1:1"],
    ["/name", "value", "1:7"],
    ["/steps/a/run", "value", "3:13"],
    ["/steps/a/run", 9, "3:23"],
    ["/steps/b/run", 10, "7:11"],
    ["/steps/b", "key", "4:3"],
    ["/steps/d~0~1e", "key", "10:3"],
    ["/steps/d~0~1e", 8, "10:21"],
    ["/steps/a/nope", "value", "3:3"],
    ["/nope/deeper", "key", "1:1"],
    ["/name", 99, "1:8"],
  ])("%s, %s", (at, spot, place) => {
    const { line, column } = placeOf({ at, spot, message: "" });
    expect(`${line}:${column}`).toBe(place);
  });
});

test("whatever the text is, there is an answer", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "a",
      ": ",
      "\n",
      "- ",
      "  ",
      "{",
      "}",
      "[",
      "]",
      ", ",
      "&x ",
      "*x",
      "|",
      ">",
      "'",
      '"',
      "#",
      "? ",
      "!!str ",
      "%YAML 1.1\n",
      "---\n",
      "...\n",
      "\t",
      "<<: ",
      "\\",
      "~",
      "\u2028",
      "é",
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: anyCharacter }),
        pieces.map((all) => all.join("")),
      ),
      (text) => {
        const { value, problems, placeOf } = readYaml(text);
        if (value === null) placeOf({ at: "/a", spot: 3, message: "" });
        for (const { line, column } of problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("whatever JSON says, it is read so", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value, null, 2);
      if (text === "null") return;
      expect(readYaml(text)).toMatchObject({ value: JSON.parse(text), problems: [] });
    }),
  );
});
