/** JSON Schema's names of types in words: one, or several joined by "or". */
export function nameTypes(types: unknown): string {
  const list: readonly unknown[] = Array.isArray(types) ? types : [types];
  return list.map((type) => typeNames[String(type)] ?? String(type)).join(" or ");
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
