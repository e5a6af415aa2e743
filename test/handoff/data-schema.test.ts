import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/failure.ts";
import { compileDataSchema } from "../../src/handoff/data-schema.ts";

function check(schema: unknown, data: unknown): readonly Problem[] {
  const compiled = compileDataSchema(schema);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value(data);
}

describe("data is held against the caller's schema", () => {
  test("and passes", () => {
    expect(check({ type: "object", required: ["n"] }, { n: 1 })).toEqual([]);
    expect(check(true, "anything")).toEqual([]);
  });

  test("and every mistake has its place and a sentence", () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      additionalProperties: false,
      required: ["name", "count"],
      properties: {
        name: { type: "string", pattern: "^[a-z]+$" },
        count: { type: "integer", minimum: 1 },
        kind: { const: "x" },
        list: { type: "array", items: { $ref: "#/$defs/item" }, maxItems: 2 },
      },
      $defs: { item: { enum: ["a", 1, null] } },
    };
    const data = { name: "A b", kind: "y", list: ["a", "b", 1], "od/d": 1 };
    expect([...check(schema, data)].sort((a, b) => a.at.localeCompare(b.at))).toEqual(
      [
        { at: "/data/count", message: 'the property "count" is missing' },
        { at: "/data/kind", message: 'must be "x", not "y"' },
        { at: "/data/list", message: "must have at most 2 items, not 3" },
        { at: "/data/list/1", message: 'must be one of "a", 1, null, not "b"' },
        { at: "/data/name", message: 'must be a text that matches ^[a-z]+$, not "A b"' },
        { at: "/data/od~1d", message: 'the property "od/d" is not allowed' },
      ].toSorted((a, b) => a.at.localeCompare(b.at)),
    );
  });

  test.each([
    [{ maximum: 5 }, 9, "must be at most 5, not 9"],
    [{ minimum: 5 }, 1.5, "must be at least 5, not 1.5"],
    [{ exclusiveMinimum: 5 }, 5, "must be more than 5, not 5"],
    [{ exclusiveMaximum: 5 }, 5, "must be less than 5, not 5"],
    [{ multipleOf: 5 }, 7, "must be a multiple of 5, not 7"],
    [{ minLength: 3 }, "é😀", "must have at least 3 characters, not 2"],
    [{ minLength: 1 }, "", "must not be empty"],
    [{ maxLength: 1 }, "ab", "must have at most 1 character, not 2"],
    [{ minItems: 2 }, [1], "must have at least 2 items, not 1"],
    [{ maxItems: 0 }, [1], "must be empty"],
    [{ prefixItems: [true], items: false }, [1, 2], "must have at most 1 item, not 2"],
    [{ unevaluatedItems: false }, [1], "must be empty"],
    [{ uniqueItems: true }, [1, 2, 1], "must not have the same item twice: /0 and /2 are the same"],
    [
      { contains: { const: 1 }, minContains: 2 },
      [1],
      'must have at least 2 items as "contains" says',
    ],
    [
      { contains: { const: 1 }, maxContains: 1 },
      [1, 1],
      'must have at least 1 item and at most 1 as "contains" says',
    ],
    [{ minProperties: 2 }, { a: 1 }, "must have at least 2 properties, not 1"],
    [{ maxProperties: 1 }, { a: 1, b: 2 }, "must have at most 1 property, not 2"],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      'the name "ab" must have at most 1 character, not 2',
    ],
    [{ anyOf: [false] }, 1, 'must fit one of the schemas in "anyOf"'],
    [{ oneOf: [false] }, 1, 'must fit one of the schemas in "oneOf"'],
    [{ oneOf: [true, true] }, 1, 'must fit only one of the schemas in "oneOf", and fits several'],
    [{ not: { const: 1 } }, 1, 'must not fit the schema in "not"'],
    [false, 1, "is not allowed here"],
  ])("and a value that breaks %j is told in words", (schema, data, message) => {
    expect(check(schema, data)).toContainEqual({ at: "/data", message });
  });

  test("without quirks for unknown keywords and formats", () => {
    expect(check({ type: "string", format: "made-up", "x-mine": 1 }, "text")).toEqual([]);
  });

  test("and a schema that goes in circles on some data ends with a problem", () => {
    const schema: unknown = JSON.parse('{"if": {"type": "object"}, "then": {"$ref": "#"}}');
    expect(check(schema, {})).toEqual([
      {
        at: "/data",
        message: "can't be checked: the schema refers to itself without end, or is too deep",
      },
    ]);
  });

  test("and a schema may refer to the draft's own", () => {
    const schema = {
      properties: { schema: { $ref: "https://json-schema.org/draft/2020-12/schema" } },
    };
    expect(check(schema, { schema: { type: "object" } })).toEqual([]);
    expect(check(schema, { schema: { minLength: "x" } })).toEqual([
      { at: "/data/schema/minLength", message: "must be a whole number, not a text" },
    ]);
  });

  test("and of a very large value one mistake is enough", () => {
    const data = Array.from({ length: 200_000 }, () => 0);
    expect(check({ items: { type: "string" } }, data)).toEqual([
      { at: "/data/0", message: "must be a text, not the number 0" },
    ]);
  });
});

describe("a schema that can't be used is refused with what to do", () => {
  test.each([
    ["a text", "string", "neither an object nor true or false", "JSON Schema 2020-12"],
    ["null", null, "neither an object", "JSON Schema 2020-12"],
    ["a list", [], "neither an object", "JSON Schema 2020-12"],
    [
      "another draft",
      { $schema: "http://json-schema.org/draft-07/schema#" },
      'its "$schema" is "http://json-schema.org/draft-07/schema#"',
      "use JSON Schema 2020-12",
    ],
    [
      "a remote reference",
      { $ref: "https://example.com/other.json" },
      'its "$ref" to "https://example.com/other.json" leads nowhere',
      'under "$defs"',
    ],
    ["a wrong pattern", { pattern: "(" }, "Invalid regular expression", "2020-12"],
    ["endless reference", { $ref: "#" }, "refers to itself without end", "2020-12"],
    ["an asynchronous one", { $async: true }, '"$async"', 'remove "$async"'],
  ])("%s", (_name, schema, reason, advice) => {
    const compiled = compileDataSchema(schema);
    if (compiled.ok) throw new Error("it was accepted");
    expect(compiled.failure.code).toBe("usage");
    expect(compiled.failure.message).toContain(reason);
    expect(compiled.failure.hint).toContain(advice);
  });

  test("wrong types, all of them", () => {
    const compiled = compileDataSchema({ type: "strnig", required: "name" });
    if (compiled.ok) throw new Error("it was accepted");
    expect(compiled.failure.problems?.map(({ at }) => at)).toEqual(
      expect.arrayContaining(["/type", "/required"]),
    );
  });

  test("one nested without end", () => {
    let schema: Record<string, unknown> = {};
    for (let level = 0; level < 100_000; level += 1) schema = { not: schema };
    const compiled = compileDataSchema(schema);
    expect(compiled.ok).toBe(false);
  });
});
