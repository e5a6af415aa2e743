import { isFields } from "../json/fields.ts";
import { readJsonText } from "../json/json-text.ts";
import type { Problem } from "../failure.ts";
import { decodeText } from "./decode.ts";
import { isNestedDeeper } from "./nesting.ts";

/** The most levels of arrays and objects in each other; a handoff needs about five. */
const MAX_LEVELS = 64;

/** What the bytes of a handoff file are, before anything is known of their meaning. */
export type Parsing =
  | { readonly kind: "unfinished"; readonly problems: readonly Problem[] }
  | {
      readonly kind: "rejected";
      readonly code: "malformed";
      readonly problems: readonly Problem[];
    }
  | { readonly kind: "document"; readonly document: Readonly<Record<string, unknown>> };

/** Reads a JSON object from bytes that may still be on their way. */
export function parseDocument(bytes: Uint8Array): Parsing {
  const decoding = decodeText(bytes);
  if (decoding.kind === "wrong_encoding") return rejected(decoding.reason);
  if (decoding.kind === "not_utf8") return unfinished(decoding.reason);
  const { text } = decoding;
  if (text.trim() === "") return unfinished("the file is empty");
  if (isNestedDeeper(text, MAX_LEVELS)) {
    return rejected(`arrays and objects lie more than ${MAX_LEVELS} levels deep in each other`);
  }
  try {
    return judgeValue(JSON.parse(text));
  } catch (error) {
    return unfinished(explain(text, String(error)));
  }
}

/** `null` and numbers are what a placeholder may look like; an array or a text was meant. */
function judgeValue(value: unknown): Parsing {
  if (isFields(value)) return { kind: "document", document: value };
  const isMeant = Array.isArray(value) || typeof value === "string";
  const kind = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
  const reason = `the file holds ${kind}; a handoff is one JSON object`;
  return isMeant ? rejected(reason) : unfinished(reason);
}

function explain(text: string, error: string): string {
  const start = text.trimStart();
  if (start.startsWith("```")) {
    return "the JSON is wrapped in a Markdown fence (```); write the JSON object alone, without the fence";
  }
  const place = locate(text, error);
  return /^[[{"]/.test(start)
    ? `not valid JSON: ${place}`
    : `not valid JSON: ${place}; the file must hold one JSON object and no text around it`;
}

/** Beyond this length the parser's own words have to do: finding the place would take too long. */
const MAX_LOCATED_LENGTH = 262_144;

function locate(text: string, error: string): string {
  const reading = text.length > MAX_LOCATED_LENGTH ? null : readJsonText(text);
  if (reading === null || reading.ok) return error.replace(/^SyntaxError: /, "");
  const { line, column, what } = reading.mistake;
  return `line ${line}, column ${column}: ${what}`;
}

function unfinished(message: string): Parsing {
  return { kind: "unfinished", problems: [{ at: "", message }] };
}

function rejected(message: string): Parsing {
  return { kind: "rejected", code: "malformed", problems: [{ at: "", message }] };
}
