import type { Json } from "../../json/json.ts";
import { fieldOf, textsOf } from "../../json/json-fields.ts";

/** The value that a text stands for where a schema says what is wanted; a text that fits nothing stays one. */
export function inputValue(text: string, schema: Json | undefined): Json {
  const types = textsOf(schema, "type");
  if (types.length === 0) return fromChoices(text, fieldOf(schema, "enum"));
  for (const type of types) {
    const read = readers[type]?.(text);
    if (read !== undefined) return read;
  }
  return !types.includes("string") && types.includes("null") && text === "null" ? null : text;
}

type Reader = (text: string) => Json | undefined;

const readNumber: Reader = (text) => {
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  // An id of 20 digits would become another one.
  const isLost = /^-?\d+$/.test(text) ? !Number.isSafeInteger(value) : !Number.isFinite(value);
  return isLost ? undefined : value;
};

const readers: Readonly<Record<string, Reader>> = {
  number: readNumber,
  integer: readNumber,
  boolean: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  array: (text) => readJson(text, "["),
  object: (text) => readJson(text, "{"),
};

function readJson(text: string, opening: string): Json | undefined {
  if (!text.trimStart().startsWith(opening)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function fromChoices(text: string, choices: Json | undefined): Json {
  if (!Array.isArray(choices)) return text;
  const values: readonly Json[] = choices;
  const meant = values.find((choice) => choice === text || JSON.stringify(choice) === text);
  return meant === undefined ? text : meant;
}
