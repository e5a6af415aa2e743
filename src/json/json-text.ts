import { cutText } from "../text/cut-text.ts";
import { scanJson } from "./json-scan.ts";

/** Why a text is not JSON, with its place; lines and columns count from 1. */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  /** The line, with every string but keys hidden: a value may be a secret. */
  readonly excerpt: string;
}

export type JsonReading =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** JSON pointers of the keys that stand twice in one object. */
      readonly duplicates: readonly string[];
    }
  | { readonly ok: false; readonly mistake: JsonMistake };

/** Reads JSON that a person wrote: says where it is wrong, and which keys stand twice. */
export function readJsonText(source: string): JsonReading {
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  const { mistake, duplicates } = scanJson(text);
  if (mistake !== null) return { ok: false, mistake: place(text, mistake) };
  const value: unknown = JSON.parse(text);
  return { ok: true, value, duplicates };
}

function place(text: string, { offset, what }: { offset: number; what: string }): JsonMistake {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = text.indexOf("\n", offset);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  return {
    line: text.slice(0, lineStart).split("\n").length,
    column: offset - lineStart + 1,
    what,
    excerpt: hideValues(line.slice(0, 2000)),
  };
}

function hideValues(line: string): string {
  const shown = line
    .replaceAll(
      /(["'`])(?:(?!\1)[^\\]|\\.)*(?:\1(\s*:)?|\\?$)/g,
      (quoted: string, _quote: string, colon: string | undefined) =>
        colon === undefined ? '"…"' : quoted,
    )
    .replaceAll(/(?<=:\s*)(?!true\b|false\b|null\b)[A-Za-z][^\s,}\]"]{3,}/g, "…")
    .replaceAll(/\p{Cc}/gu, " ")
    .trim();
  return cutText(shown, 120);
}
