import { expect, test } from "vitest";
import type { Step } from "../../src/flows/flow.ts";
import { wavesOf } from "../../src/flows/waves.ts";
import { flowOf } from "./file/check-text.ts";

const ids = (steps: readonly Step[]) => wavesOf(steps).map((wave) => wave.map(({ id }) => id));

test("steps are in the first wave after all that they need", () => {
  const { steps } = flowOf(
    "name: x\nsteps: { d: { run: x, needs: [b, c] }, a: { run: x }, b: { run: x, needs: a }, c: { run: x }, e: { run: x, needs: c } }",
  );
  expect(ids(steps)).toEqual([["a", "c"], ["b", "e"], ["d"]]);
});

test("no steps make no waves", () => {
  expect(ids([])).toEqual([]);
});

test("steps that can never begin are shown at the end", () => {
  const { steps } = flowOf("name: x\nsteps: { a: { run: x }, b: { run: x } }");
  const [a, b] = steps;
  if (a === undefined || b === undefined) throw new Error("two steps are missing");
  expect(ids([a, { ...b, needs: ["b"] }])).toEqual([["a"], ["b"]]);
});
