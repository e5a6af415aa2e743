/** JSON Schema's names of types in words: one, or several joined by "or". */
export function nameTypes(types: unknown): string {
  const list: readonly unknown[] = Array.isArray(types) ? types : [types];
  return list.map((type) => typeNames[String(type)] ?? String(type)).join(" or ");
}

/** What a value is, in words: its type, or the value itself where that is as short. */
export function nameKind(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return `the number ${value}`;
  return nameTypes(Array.isArray(value) ? "array" : typeof value);
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  object: "an object",
  array: "an array",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};
