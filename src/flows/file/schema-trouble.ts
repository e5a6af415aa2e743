import { compileDataSchema } from "../../handoff/data-schema.ts";
import type { Json } from "../../json/json.ts";

/** Why this is no JSON Schema that can be checked against, or null when it is one. */
export function schemaTrouble(schema: Json): string | null {
  const compiled = compileDataSchema(schema);
  if (compiled.ok) return null;
  const { message, hint } = compiled.failure;
  return `${message.replace("the schema for data", "the schema")}; ${hint}`;
}
