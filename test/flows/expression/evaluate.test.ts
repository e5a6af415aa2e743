import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import type { Scope } from "../../../src/flows/evaluator.ts";
import type { Json } from "../../../src/json/json.ts";

const scope: Scope = {
  inputs: { n: 2, price: 1.5, task: "paint", list: [1, 2, 3], nothing: null },
  steps: {
    code: { status: "done", data: { approved: true, constructor: 7 } },
    "code-x": { status: "skipped" },
    other: { b: [{ c: 1 }] },
  },
  run: { id: "r1" },
};

const evaluator = createEvaluator();

function evaluate(expression: string, values: Scope) {
  return evaluator.evaluate(expression, values);
}

describe("an expression has the value", () => {
  test.each<[string, Json]>([
    ["1 + inputs.n", 3],
    ["inputs.n * inputs.price", 3],
    ["inputs.price * inputs.n", 3],
    ["inputs.n / 4.0", 0.5],
    ["inputs.price - 1", 0.5],
    ["1 + inputs.price", 2.5],
    ["7 / 2", 3],
    ["inputs.n == 2.0", true],
    ['"do " + inputs.task', "do paint"],
    ["inputs.list.map(x, x * inputs.n)", [2, 4, 6]],
    ["inputs.list.filter(x, x > 1)", [2, 3]],
    ['inputs.list.exists(x, x == 3) ? "yes" : "no"', "yes"],
    ["size(inputs.list)", 3],
    ["steps.code.data.approved && inputs.n > 1", true],
    ['steps["code-x"].status', "skipped"],
    ["steps.code.data.constructor", 7],
    ["steps.code.data", { approved: true, constructor: 7 }],
    ['steps.other == {"b": [{"c": 1}]}', true],
    ['{"a": [1, "b", null], "c": {"d": 1.5}}', { a: [1, "b", null], c: { d: 1.5 } }],
    ["has(steps.code)", true],
    ["has(steps.nope)", false],
    ["steps.?nope.?data", null],
    ['steps.?nope.?status.orValue("none")', "none"],
    ["inputs.nothing == null", true],
    ["2u", 2],
    ['timestamp("2026-11-21T10:00:00Z")', "2026-11-21T10:00:00.000Z"],
    ['duration("90m")', "5400s"],
    ["cel.bind(x, inputs.n, x + x)", 4],
    ['"a,b".split(",")', ["a", "b"]],
  ])("%s", (expression, value) => {
    expect(evaluate(expression, scope)).toEqual({ ok: true, value });
  });
});

describe("an expression fails in a sentence", () => {
  test.each([
    ["", "it is empty"],
    ["  ", "it is empty"],
    ["inputs.n +", "it ends too early"],
    ["inputs.n n", "Unexpected character: 'n'"],
    ["1 2", "Unexpected character: '2'"],
    ["inputs.IN", "No such key: IN"],
    ["(1", "it ends too early"],
    ["[1, )", 'Unexpected token: ")"'],
    ["{1 2}", 'Expected ":", got a number'],
    ["a.in", 'Expected a name, got "in"'],
    ["'", "Unterminated string"],
    ["inputs.nope", "No such key: nope"],
    ["nope", "Unknown variable: nope"],
    ["toString", "Unknown variable: toString"],
    ["constructor", "Unknown variable: constructor"],
    ["__proto__", "Reserved identifier: __proto__"],
    ["inputs.toString", "No such key: toString"],
    ["inputs.list[9]", "the list has no element 9 (the first is 0)"],
    ["[][0]", "the list has no element 0 (the first is 0)"],
    ["nosuch(1)", 'there is no function "nosuch"'],
    ["sizee([1])", 'there is no function "sizee"; did you mean "size"?'],
    ['inputs.task.starsWith("a")', 'there is no function "starsWith"; did you mean "startsWith"?'],
    ["size(1)", '"size" can\'t be called like this: size(int)'],
    [
      "inputs.task + 1",
      "the types don't go together: string + int; string() makes a text of a value",
    ],
    ["1 < inputs.task", "the types don't go together: int < string"],
    ["inputs.n = 2", '"=" is no sign here; "==" compares'],
    ["true & true", '"&" is no sign here; "&&" means and'],
    ["true | true", '"|" is no sign here; "||" means or'],
    ["1 / 0", "division by zero"],
    ['bytes("x").json()', "Unexpected token 'x', \"x\" is not valid JSON"],
    ["1.0 / 0.0", "the value is no finite number"],
    ["9223372036854775807", "the number 9223372036854775807 is too large"],
    ["[1, [9223372036854775807]]", "the number 9223372036854775807 is too large"],
    ['{"a": 9223372036854775807}', "the number 9223372036854775807 is too large"],
    ['b"abc"', "the value is bytes; string() makes a text of them"],
    ["int", "the value is a type or a namespace, and no data"],
    ["optional", "the value is a type or a namespace, and no data"],
    [`${"(".repeat(500)}1${")".repeat(500)}`, "Exceeded maxDepth (100)"],
    ["1+".repeat(5000) + "1", "Exceeded maxAstNodes (2000)"],
  ])("%s", (expression, message) => {
    expect(evaluate(expression, scope)).toEqual({ ok: false, message });
  });
});

describe("the previous iteration", () => {
  const first = { ...scope, previous: null };
  const later = { ...scope, previous: { verify: { exitCode: 1 }, review: { status: "skipped" } } };

  test.each(["previous.review.data.critiques", "size(previous.a)", "previous.a + 1"])(
    "says nothing in the first one: %s",
    (expression) => {
      expect(evaluate(expression, first)).toEqual({ ok: true, value: null });
    },
  );

  test("says nothing of a step that was skipped", () => {
    expect(evaluate("previous.review.data.critiques", later)).toEqual({ ok: true, value: null });
    expect(evaluate("previous.verify.files[0]", later)).toEqual({ ok: true, value: null });
  });

  test("can be told from none", () => {
    expect(evaluate("previous == null", first)).toEqual({ ok: true, value: true });
    expect(evaluate("previous == null", later)).toEqual({ ok: true, value: false });
  });

  test("hides no other failure", () => {
    expect(evaluate('previous.verify.exitCode + "1"', later)).toMatchObject({ ok: false });
    expect(evaluate("inputs.nope", first)).toMatchObject({ ok: false });
    expect(evaluate("previous.verify", scope)).toEqual({
      ok: false,
      message: "Unknown variable: previous",
    });
  });
});

describe("whatever it is given", () => {
  test("a value that is nested too deeply is a failure", () => {
    const deep: Json = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    expect(evaluate("inputs.x", { inputs: { x: deep } })).toEqual({
      ok: false,
      message: "a value is nested too deeply",
    });
  });

  const json = fc
    .jsonValue({ maxDepth: 4 })
    .map((value): Json => JSON.parse(JSON.stringify(value)));

  test("a value comes out as it went in", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(evaluate("inputs.x", { inputs: { x: value } })).toEqual({ ok: true, value });
      }),
    );
  });

  test("no expression throws", () => {
    const words = fc.constantFrom(
      ..."inputs steps previous . .? [ ] [? ( ) { } ? : , + - * / % < <= == != && || ! in x 1 1.5 1u \"a\" 'b' r'\\' b'c' true null map filter all exists has cel.bind size optional.of // \n \\ é matches".split(
        " ",
      ),
    );
    const expressions = fc.oneof(
      fc.string(),
      fc.array(words).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(expressions, json, (expression, value) => {
        const evaluation = evaluate(expression, { inputs: value, steps: {}, previous: value });
        if (evaluation.ok) expect(() => JSON.stringify(evaluation.value)).not.toThrow();
        else expect(evaluation.message).not.toContain("\n");
      }),
      { numRuns: 1000 },
    );
  });
});
