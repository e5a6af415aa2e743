import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { AnySchemaObject } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { drawGraph, graphFormats } from "../../../src/flows/graph/draw-graph.ts";
import { stepKinds } from "../../../src/flows/file/keys.ts";
import { wavesOf } from "../../../src/flows/waves.ts";
import { flowOf, problemsOf } from "./check-text.ts";

const schema: AnySchemaObject = JSON.parse(
  readFileSync(new URL("../../../schemas/flow.schema.json", import.meta.url), "utf8"),
);
const isAccepted = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

const text = fc.constantFrom(
  "x",
  "",
  "steps.a.stdout",
  "${{ steps.b }}",
  "'${{ inputs.x }}'",
  "${{ previous.c.data",
  "item > 1",
  "1h",
  "plan",
  "a",
);
const value = fc.oneof(
  text,
  fc.integer({ min: -1, max: 5 }),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
);
const id = fc.constantFrom("a", "b", "c", "d-e", "A", "__proto__", "");
const keys = [
  ...stepKinds,
  ..."task persona mode schema retries timeout needs when on-failure retry outputs env with typo".split(
    " ",
  ),
];
const { steps } = fc.letrec((tie) => ({
  steps: fc.dictionary(
    id,
    fc.oneof({ depthSize: "small" }, fc.constant({ run: "x" }), tie("step"), value),
    {
      maxKeys: 4,
    },
  ),
  step: fc
    .tuple(
      fc.constantFrom<object>({ run: "x" }, { agent: "r", task: "x" }, {}),
      fc.dictionary(
        fc.constantFrom(...keys),
        fc.oneof(
          value,
          fc.record(
            { max: value, until: value, items: value, message: value, question: value },
            { requiredKeys: [] },
          ),
        ),
        { maxKeys: 4 },
      ),
      fc.option(tie("steps"), { nil: undefined, depthSize: "small" }),
    )
    .map(([kind, more, inside]) => ({
      ...kind,
      ...more,
      ...(inside === undefined ? {} : { steps: inside }),
    })),
}));
const flow = fc.record(
  {
    name: fc.oneof(fc.constant("x"), value),
    steps,
    agents: fc.constant({ r: "r" }),
    report: value,
    inputs: value,
  },
  { requiredKeys: ["name", "steps"] },
);

test("whatever a file says, there is an answer; what the published schema refuses has a problem", () => {
  fc.assert(
    fc.property(flow, (written) => {
      const json = JSON.stringify(written);
      const problems = problemsOf(json);
      if (!isAccepted(JSON.parse(json))) expect(problems).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

const needs = fc.array(fc.nat({ max: 11 }), { maxLength: 3 });

test("a flow whose steps need earlier ones has no problem, and its waves respect them", () => {
  fc.assert(
    fc.property(fc.array(needs, { minLength: 1, maxLength: 12 }), (all) => {
      const written = all.map((each, index) => {
        const earlier = [...new Set(each)].filter((other) => other < index);
        return [`s${index}`, { run: "x", needs: earlier.map((other) => `s${other}`) }] as const;
      });
      const { steps: read } = flowOf(
        JSON.stringify({ name: "x", steps: Object.fromEntries(written) }),
      );
      const before = new Set<string>();
      for (const wave of wavesOf(read)) {
        for (const step of wave)
          expect([...before]).toEqual(expect.arrayContaining([...step.needs]));
        for (const step of wave) before.add(step.id);
      }
      expect(before.size).toBe(all.length);
    }),
  );
});

test("every flow without a problem can be drawn", () => {
  fc.assert(
    fc.property(flow, (written) => {
      const json = JSON.stringify(written);
      if (problemsOf(json).length > 0) return;
      for (const format of graphFormats) {
        for (const step of Object.keys(written.steps))
          expect(drawGraph(flowOf(json), format)).toContain(step);
      }
    }),
  );
});
