import { unescapePointer } from "../json/pointer.ts";
import type { Json, JsonObject } from "./json.ts";

/** Whether the value is a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What an object has under this name of its own. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The text there, or null when there is none. */
export function textOf(value: Json | undefined, name: string): string | null {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : null;
}

/** The number there, or null when there is none. */
export function numberOf(value: Json | undefined, name: string): number | null {
  const field = fieldOf(value, name);
  return typeof field === "number" ? field : null;
}

/** The word there when it is one of these, else the first of them. */
export function wordOf<T extends string>(
  value: Json | undefined,
  name: string,
  words: readonly [T, ...T[]],
): T {
  const field = fieldOf(value, name);
  return words.find((word) => word === field) ?? words[0];
}

/** The texts of a list; one text counts as a list of it. */
export function textsOf(value: Json | undefined, name: string): readonly string[] {
  const field = fieldOf(value, name);
  if (typeof field === "string") return [field];
  return Array.isArray(field) ? field.filter((item) => typeof item === "string") : [];
}

/** The names and values of an object there. */
export function entriesOf(
  value: Json | undefined,
  name: string,
): readonly (readonly [string, Json])[] {
  const field = fieldOf(value, name);
  return isObject(field) ? Object.entries(field) : [];
}

/** What stands at a JSON pointer. */
export function valueAt(document: Json, pointer: string): Json | undefined {
  const steps = pointer.split("/").slice(1);
  return steps.reduce<Json | undefined>((parent, step) => {
    const key = unescapePointer(step);
    if (Array.isArray(parent)) return parent[Number(key)];
    return fieldOf(parent, key);
  }, document);
}
