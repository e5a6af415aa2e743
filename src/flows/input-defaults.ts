import type { Json, JsonObject } from "./json.ts";

/** Inputs with the defaults that their schema gives to those that are missing. */
export function withInputDefaults(schema: Json, inputs: JsonObject): JsonObject {
  const properties = isObject(schema) ? schema["properties"] : undefined;
  if (properties === undefined || !isObject(properties)) return inputs;
  const complete: Record<string, Json> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = isObject(property) ? property["default"] : undefined;
    if (value !== undefined) complete[name] = value;
  }
  return { ...complete, ...inputs };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
