import { existsSync, readFileSync } from "node:fs";
import { parseJson } from "../json/parse-json.ts";
import { isFields } from "../json/fields.ts";

/** The JSON value in a file; undefined when there is no such file, or no whole value in it. */
export function readJsonFile(path: string): unknown {
  // Asked first, for an error costs more than a look.
  if (!existsSync(path)) return undefined;
  try {
    return parseJson(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** A document that only this program writes; null when there is none, it is of another kind, or a power cut has torn it. */
export function readDocument<T extends { readonly schema: string }>(
  path: string,
  schema: T["schema"],
): T | null {
  const document = readJsonFile(path);
  return isOfSchema<T>(document, schema) ? document : null;
}

function isOfSchema<T extends { readonly schema: string }>(
  value: unknown,
  schema: T["schema"],
): value is T {
  return isFields(value) && value["schema"] === schema;
}
