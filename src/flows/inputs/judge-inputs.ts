import { compileDataSchema } from "../../handoff/data-schema.ts";
import type { Json, JsonObject } from "../json.ts";
import { textsOf } from "../json-fields.ts";
import type { CheckData } from "./check-inputs.ts";
import { tellProblem } from "./check-inputs.ts";
import { withDefaults } from "./complete-inputs.ts";

/** Finds what is wrong with the inputs that one flow gives another; a schema is compiled once. */
export type JudgeInputs = (schema: Json, given: JsonObject) => readonly string[];

/** A judge that remembers the schemas it has seen. */
export function createInputJudge(): JudgeInputs {
  const checks = new WeakMap<object, CheckData>();
  return (schema, given) => {
    if (typeof schema !== "object" || schema === null) return [];
    const check = checks.get(schema) ?? checkFor(schema);
    checks.set(schema, check);
    const filled = withDefaults(schema, withoutNothing(schema, given));
    return check(filled).flatMap((problem) => tellProblem(problem, []));
  };
}

/** A schema that can't be used was told of when the file was checked. */
function checkFor(schema: Json): CheckData {
  const compiled = compileDataSchema(schema);
  return compiled.ok ? compiled.value : () => [];
}

/** An input that is null may be one that nobody gave further up, and is none here either, unless it must be there. */
function withoutNothing(schema: Json, given: JsonObject): JsonObject {
  const required = textsOf(schema, "required");
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== null || required.includes(name)),
  );
}
