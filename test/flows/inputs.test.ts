import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completeInputs } from "../../src/flows/inputs/complete-inputs.ts";
import type { Json } from "../../src/json/json.ts";
import { loadInputs } from "../../src/cli/flow/load-inputs.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "delegate-inputs-"));
  writeFileSync(join(folder, "plan.md"), "# Plan\n");
  writeFileSync(join(folder, "list.json"), "[1, 2]");
});
afterAll(() => rmSync(folder, { recursive: true }));

const schema: Json = {
  type: "object",
  required: ["task"],
  properties: {
    task: { type: "string", description: "what is to be done" },
    count: { type: "integer", minimum: 1, default: 3 },
    price: { type: "number" },
    fast: { type: "boolean" },
    band: { enum: ["small", 2, null], default: "small" },
    files: { type: "array", items: { type: "string" } },
    options: { type: "object", properties: { deep: { default: true }, x: { type: "integer" } } },
    either: { type: ["number", "string"] },
    maybe: { type: ["integer", "null"] },
  },
};

const load = (...words: readonly string[]) => loadInputs(schema, words, folder);

/** The value that one input has. */
async function valueOf(word: string): Promise<Json | undefined> {
  const loaded = await load("task=x", word);
  if (!loaded.ok) throw new Error(loaded.problems.join("\n"));
  return loaded.inputs[word.slice(0, word.indexOf("="))];
}

describe("an input becomes what its schema wants", () => {
  test.each<[string, Json]>([
    ["count=5", 5],
    ["price=1.5", 1.5],
    ["price=-2e3", -2000],
    ["fast=true", true],
    ["fast=false", false],
    ["band=2", 2],
    ["band=null", null],
    ['files=["a", "b"]', ["a", "b"]],
    ['options={"x": 1}', { x: 1, deep: true }],
    ["either=12", 12],
    ["either=12a", "12a"],
    ["either=9007199254740991", 9_007_199_254_740_991],
    ["either=9007199254740993", "9007199254740993"],
    ["either=1e999", "1e999"],
    ["maybe=null", null],
    ["maybe=4", 4],
  ])("%s", async (word, value) => {
    expect(await valueOf(word)).toEqual(value);
  });

  test.each<[string, Json]>([
    ["task=12", "12"],
    ["task=", ""],
    ["task=a=b", "a=b"],
    ["task=@plan.md", "# Plan\n"],
    ["task=@@home", "@home"],
    ["task=null", "null"],
  ])("a text stays one: %s", async (word, value) => {
    expect(await load(word)).toMatchObject({ ok: true, inputs: { task: value } });
  });

  test("also from a file", async () => {
    const loaded = await loadInputs(
      { properties: { numbers: { type: "array", items: { type: "integer" } } } },
      ["numbers=@list.json"],
      folder,
    );
    expect(loaded).toEqual({ ok: true, inputs: { numbers: [1, 2] } });
  });
});

test("what nobody gave has its default, or is null", async () => {
  expect(await load("task=x")).toEqual({
    ok: true,
    inputs: {
      task: "x",
      count: 3,
      band: "small",
      price: null,
      fast: null,
      files: null,
      options: null,
      either: null,
      maybe: null,
    },
  });
});

test("all that is wrong is said at once", async () => {
  const loaded = await load(
    "count=0",
    "price=much",
    "fast=yes",
    "files=[a, b",
    'options={"x": "y"}',
    "band=large",
    "taks=x",
    "whatever=1",
    "either=1",
    "either=2",
    "alone",
    "=x",
    "maybe=@nope.txt",
  );
  expect(loaded).toEqual({
    ok: false,
    problems: [
      '"alone" is no input; write name=value, or name=@file',
      '"=x" is no input; write name=value, or name=@file',
      `the input "maybe": ${join(folder, "nope.txt")} does not exist`,
      'the input "either" is given twice',
      'the flow has no input "taks"; did you mean "task"?',
      'the flow has no input "whatever"; there are task, count, price, fast, band, files, options, either, maybe',
      'the input "task" is missing: what is to be done',
      'the input "count" must be at least 1, not 0',
      'the input "price" must be a number, not a text',
      'the input "fast" must be true or false, not a text',
      'the input "band" must be one of "small", 2, null, not "large"',
      `the input "files" must be an array, not a text; write a list as JSON, such as '["a", "b"]'`,
      'the input "options" at /x must be a whole number, not a text',
    ],
  });
});

test("a number of too many digits is not called a text without saying why", async () => {
  const large = {
    type: "object",
    properties: { id: { type: "integer" }, of: { type: "object" } },
  };
  expect(await loadInputs(large, ["id=12345678901234567890", "of=a"], folder)).toEqual({
    ok: false,
    problems: [
      'the input "id" must be a whole number, not a text; it has more digits than a number can keep',
      `the input "of" must be an object, not a text; write an object as JSON, such as '{"a": 1}'`,
    ],
  });
});

describe("a flow", () => {
  test.each<[string, Json]>([
    ["without inputs", null],
    ["with none", {}],
    ["with no names", { type: "object" }],
  ])("%s takes none", async (_name, none) => {
    expect(await loadInputs(none, [], folder)).toEqual({ ok: true, inputs: {} });
    expect(await loadInputs(none, ["a=1"], folder)).toEqual({
      ok: false,
      problems: ['the flow takes no inputs, and "a" is given'],
    });
  });

  test("may take inputs that it does not name", async () => {
    const open: Json = { additionalProperties: { type: "string" }, properties: { n: {} } };
    expect(await loadInputs(open, ["a=1"], folder)).toEqual({
      ok: true,
      inputs: { a: "1", n: null },
    });
  });

  test("can want something of all inputs together", async () => {
    const few: Json = { minProperties: 2, properties: { a: {}, b: {} } };
    expect(await loadInputs(few, ["a=1"], folder)).toEqual({
      ok: false,
      problems: ["the inputs: must have at least 2 properties, not 1"],
    });
  });

  test("whose schema is none says so", async () => {
    const loaded = await loadInputs({ type: "strnig" }, [], folder);
    expect(loaded.ok ? "" : loaded.problems[0]).toContain("the schema for data can't be used");
  });
});

test("the inputs of another flow are completed in the same way", () => {
  expect(completeInputs(schema, { task: "x", options: {} })).toEqual({
    task: "x",
    options: { deep: true },
    count: 3,
    band: "small",
    price: null,
    fast: null,
    files: null,
    either: null,
    maybe: null,
  });
  expect(completeInputs(null, { a: 1 })).toEqual({ a: 1 });
});
