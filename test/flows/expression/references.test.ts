import { describe, expect, test } from "vitest";
import { createCompiler } from "../../../src/flows/expression/compile.ts";

const compiler = createCompiler();

function referencesOf(source: string): readonly string[] {
  const compilation = compiler.compile(source);
  if (!compilation.ok) throw new Error(compilation.problem.message);
  return compilation.references.map(
    ({ name, path, offset }) => `${offset} ${[name, ...path].join("/")}`,
  );
}

describe("an expression looks at", () => {
  test.each([
    ["1 + 2", []],
    ["inputs.task", ["0 inputs/task"]],
    ["steps.code.data.a", ["0 steps/code/data/a"]],
    ['steps["code-x"].stdout', ["0 steps/code-x/stdout"]],
    ["steps.?code.?data", ["0 steps/code/data"]],
    ["steps.code.list[i].c", ["16 i", "0 steps/code/list"]],
    ["steps[name].c", ["6 name", "0 steps"]],
    ["steps", ["0 steps"]],
    ["a ? b : c", ["0 a", "4 b", "8 c"]],
    ["!a && -b > c || d in e", ["1 a", "7 b", "11 c", "16 d", "21 e"]],
    ['[a, {"k": b, c: 1}]', ["1 a", "10 b", "13 c"]],
    ["has(previous.a.b)", ["4 previous/a/b"]],
    ["dyn(a).b", ["4 a"]],
    ["inputs.list.map(x, x.y + inputs.n)", ["0 inputs/list", "25 inputs/n"]],
    ["inputs.list.map(x, x > n, x)", ["0 inputs/list", "23 n"]],
    ["inputs.list.map(x, inputs.list.filter(y, y == x))", ["0 inputs/list", "19 inputs/list"]],
    ["steps.map(steps, steps.a)", ["0 steps"]],
    ["a.all(x, x) && x", ["0 a", "15 x"]],
    ["a.contains(x)", ["0 a", "11 x"]],
    ["cel.bind(q, steps.a, q + r)", ["12 steps/a", "25 r"]],
    ["type(x) == int", ["5 x"]],
    ["optional.of(z)", ["12 z"]],
  ])("%s", (source, references) => {
    expect(referencesOf(source)).toEqual(references);
  });
});

test("some names are the language's own", () => {
  const names = ["int", "map", "optional", "cel", "in", "true", "null", "if", "a b", "", "1a"];
  expect(names.filter((name) => !compiler.isReserved(name))).toEqual([]);
  expect(["item", "file", "x1", "_y"].filter((name) => compiler.isReserved(name))).toEqual([]);
});

test("a mistake has its place", () => {
  expect(compiler.compile("a + nosuch(1)")).toMatchObject({ ok: false, problem: { offset: 4 } });
  expect(compiler.compile("a + $")).toMatchObject({ ok: false, problem: { offset: 4 } });
});

test("what was compiled is compiled once, until there is too much of it", () => {
  const own = createCompiler();
  const first = own.compile("a.b");
  expect(own.compile("a.b")).toBe(first);
  for (let number = 0; number < 10_000; number += 1) own.compile(String(number));
  expect(own.compile("a.b")).not.toBe(first);
});
