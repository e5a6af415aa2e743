import { expect, test } from "vitest";
import { fieldsIn, parseFields, textIn } from "../../src/json/fields.ts";
import { valueAt } from "../../src/json/pointer.ts";

test.each([
  ['{"a":1}', { a: 1 }],
  ["{}", {}],
  ["[1]", null],
  ["null", null],
  ['"a"', null],
  ['{"a":', null],
  ["", null],
])("%s is read as %j", (text, fields) => {
  expect(parseFields(text)).toEqual(fields);
});

test("a field of another kind counts as missing", () => {
  expect(textIn({ a: 1 }, "a")).toBe("");
  expect(fieldsIn({ a: [1] }, "a")).toEqual({});
});

test.each([
  ["", { "a/b": [{ c: 1 }] }],
  ["/a~1b/0/c", 1],
  ["/a~1b/1/c", undefined],
  ["/a~1b/0/toString", undefined],
  ["/constructor", undefined],
])("what stands at %j is found", (pointer, value) => {
  expect(valueAt({ "a/b": [{ c: 1 }] }, pointer)).toEqual(value);
});
