import { parseJson } from "./parse-json.ts";

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text in a field, or "" when there is none. */
export function textIn(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === "string" ? value : "";
}

/** The number in a field, or null when there is none. */
export function numberIn(fields: Fields, key: string): number | null {
  const value = fields[key];
  return typeof value === "number" ? value : null;
}

/** The object in a field; an empty one when there is none. */
export function fieldsIn(fields: Fields, key: string): Fields {
  const value = fields[key];
  return isFields(value) ? value : {};
}

/** The objects in a list; everything else in it is left out. */
export function objectsIn(fields: Fields, key: string): readonly Fields[] {
  return objectsOf(fields[key]);
}

/** The objects of a list; everything else in it is left out. */
export function objectsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The JSON object that a text is, or null when it is none. */
export function parseFields(text: string): Fields | null {
  const value = parseJson(text);
  return isFields(value) ? value : null;
}
