import type { Json, JsonObject } from "../../json/json.ts";
import { fieldOf, isObject } from "../../json/json-fields.ts";

/**
 * The inputs with the defaults of their JSON Schema, and null for those that it names and nobody gave: an expression
 * may look at every input that the flow has.
 */
export function completeInputs(schema: Json, given: JsonObject): JsonObject {
  const names = Object.keys(propertiesOf(schema));
  const absent = names.filter((name) => !Object.hasOwn(given, name)).map((name) => [name, null]);
  return { ...Object.fromEntries(absent), ...withDefaults(schema, given) };
}

/** The inputs with the defaults of their JSON Schema, also those inside of objects. */
export function withDefaults(schema: Json, given: JsonObject): JsonObject {
  const entries = Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    const value = Object.hasOwn(given, name) ? given[name] : fieldOf(property, "default");
    if (value === undefined) return [];
    return [[name, isObject(value) ? withDefaults(property, value) : value] as const];
  });
  return { ...given, ...Object.fromEntries(entries) };
}

function propertiesOf(schema: Json): JsonObject {
  const properties = fieldOf(schema, "properties");
  return isObject(properties) ? properties : {};
}
