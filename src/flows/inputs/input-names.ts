import type { Json } from "../../json/json.ts";
import { fieldOf, isObject } from "../../json/json-fields.ts";

/** Whether a flow takes inputs that its schema does not name; others are slips. */
export function takesOtherInputs(schema: Json): boolean {
  if (!isObject(schema)) return false;
  const others = fieldOf(schema, "additionalProperties");
  return (
    others === true ||
    isObject(others) ||
    Object.keys(schema).some((key) => key === "patternProperties" || combining.has(key))
  );
}

/** With these, which names there are can't be read off the schema. */
const combining: ReadonlySet<string> = new Set([
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "dependentSchemas",
  "unevaluatedProperties",
]);
