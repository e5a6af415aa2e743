import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";
import { parseTemplate } from "../../../src/flows/expression/template.ts";
import type { Json } from "../../../src/json/json.ts";

const scope = { inputs: { task: "paint", n: 2, list: [1, "a"], nothing: null }, a: 1 };
const evaluator = createEvaluator();

describe("a template becomes the text", () => {
  test.each([
    ["no expression", "no expression"],
    ["", ""],
    ["do ${{ inputs.task }}!", "do paint!"],
    ["${{inputs.n}}${{ inputs.n }}", "22"],
    ["[${{ inputs.list }}]", '[[1,"a"]]'],
    ["[${{ inputs.nothing }}]", "[]"],
    ["${{ inputs.n == 2 }}", "true"],
    ["$${{ inputs.task }}", "${{ inputs.task }}"],
    ["$$${{ inputs.task }}", "$${{ inputs.task }}"],
    ["$${{ a }} ${{ a }}", "${{ a }} 1"],
    ["${{ a }}$${{", "1${{"],
    ["$ {{ a }} }} {{", "$ {{ a }} }} {{"],
    ['${{ {"a": {"b": 1}} }}', '{"a":{"b":1}}'],
    ["${{ \"}}\" + '}}' }}", "}}}}"],
    ['${{ "\\"}}" }}', '"}}'],
    ['${{ """a"}}b""" }}', 'a"}}b'],
    ["${{\n  inputs.task\n}}\n", "paint\n"],
  ])("%j", (template, text) => {
    expect(evaluator.renderTemplate(template, scope)).toEqual({ ok: true, text });
  });
});

describe("a template that is one expression keeps the type", () => {
  test.each<[string, Json]>([
    ["${{ inputs.n }}", 2],
    ["${{ inputs.list }}", [1, "a"]],
    ["${{ inputs.nothing }}", null],
    [" ${{ inputs.n }}", " 2"],
    ["${{ inputs.n }}${{ inputs.n }}", "22"],
    ["$${{ a }}", "${{ a }}"],
    ["text", "text"],
    ["", ""],
  ])("%j", (template, value) => {
    expect(evaluator.renderValue(template, scope)).toEqual({ ok: true, value });
  });
});

describe("a template fails with its expression", () => {
  test.each([
    ["a ${{ inputs.nope }} b", "inputs.nope", "No such key: nope"],
    ["${{ nope }}", "nope", "Unknown variable: nope"],
    ["${{ }}", "", "it is empty"],
    ["${{ } }}", "}", 'Unexpected token: "}"'],
    ['${{ {"a": 1 }}', '{"a": 1', "it ends too early"],
    ["${{ 'a }}", "'a", "Unterminated string"],
    ["a ${{ b", "a ${{ b", '"${{" has no "}}"'],
  ])("%j", (template, expression, message) => {
    const failure = { ok: false, expression, message };
    expect(evaluator.renderTemplate(template, scope)).toEqual(failure);
    expect(evaluator.renderValue(template, scope)).toEqual(failure);
  });
});

test("each piece knows where it stands", () => {
  expect(parseTemplate("a ${{  b }} c $${{ d")).toEqual({
    ok: true,
    parts: [
      { kind: "text", text: "a ", offset: 0 },
      { kind: "expression", source: "b", offset: 7 },
      { kind: "text", text: " c ${{", offset: 11 },
      { kind: "text", text: " d", offset: 18 },
    ],
  });
});

test("whatever the text is, it can be rendered or there is a sentence", () => {
  const pieces = fc.array(
    fc.constantFrom("${{", "}}", "$", "{", "}", '"', "'", "\\", "a", " ", "1"),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((all) => all.join("")),
      ),
      (template) => {
        const rendered = evaluator.renderTemplate(template, scope);
        if (!template.includes("${{")) expect(rendered).toEqual({ ok: true, text: template });
      },
    ),
    { numRuns: 1000 },
  );
});
