import { expect, test } from "vitest";
import flowSchema from "../../../schemas/flow.schema.json" with { type: "json" };
import { commonKeys, keysOfKind, knownKeysAt, stepKinds } from "../../../src/flows/file/keys.ts";

const { properties, $defs } = flowSchema;
const step = $defs.step.properties;

test.each([
  ["", properties],
  ["/budget", properties.budget.properties],
  ["/budget/reserve", $defs.cost.properties],
  ["/steps/a", step],
  ["/steps/a/steps/b~1c", step],
  ["/steps/a/approve", step.approve.properties],
  ["/steps/a/ask", step.ask.properties],
  ["/steps/a/loop", step.loop.properties],
  ["/steps/a/steps/b/for-each", step["for-each"].properties],
  ["/steps/a/retry", step.retry.properties],
  ["/steps/a/reserve", $defs.cost.properties],
])("the schema and the code know the same keys at %j", (pointer, keys) => {
  expect(knownKeysAt(pointer).toSorted()).toEqual(Object.keys(keys).toSorted());
});

test("and none where any key may stand", () => {
  for (const pointer of ["/steps", "/agents", "/inputs", "/steps/a/env", "/steps/a/with"]) {
    expect(knownKeysAt(pointer)).toEqual([]);
  }
});

test("each key of a step says for which kinds it is", () => {
  for (const [key, { description }] of Object.entries(step)) {
    const owners = stepKinds.filter((kind) => keysOfKind[kind].includes(key));
    const isCommon = commonKeys.some((common) => common === key);
    expect(owners.length > 0).toBe(!isCommon);
    const [named = ""] = isCommon ? [] : description.split(":");
    const words = named
      .toLowerCase()
      .replace(" step", "")
      .split(/, | and /);
    if (!isCommon) expect(words.toSorted(), key).toEqual(owners.toSorted());
  }
});

test("every key is described", () => {
  const missing: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (path.endsWith("/properties") && !("description" in child)) missing.push(`${path}/${key}`);
      visit(child, `${path}/${key}`);
    }
  };
  visit(flowSchema, "");
  expect(missing).toEqual([]);
});
