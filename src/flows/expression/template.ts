import type { Template } from "../flow.ts";

/** A piece of a template; offsets count from 0. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string; readonly offset: number }
  | {
      readonly kind: "expression";
      readonly source: string;
      /** Where the expression itself begins, behind `${{` and blanks. */
      readonly offset: number;
    };

/** A template in pieces, or where it opens an expression that it does not close. */
export type ParsedTemplate =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const OPEN = "${{";

/** Splits a template at its expressions; `$${{` stands for a `${{` that is text. */
export function parseTemplate(template: Template): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (;;) {
    const open = template.indexOf(OPEN, from);
    if (open === -1) break;
    if (template[open - 1] === "$" && open > from) {
      addText(parts, template.slice(from, open - 1) + OPEN, from);
      from = open + OPEN.length;
      continue;
    }
    const close = findClose(template, open + OPEN.length);
    if (close === -1) return { ok: false, message: '"${{" has no "}}"', offset: open };
    addText(parts, template.slice(from, open), from);
    const inner = template.slice(open + OPEN.length, close);
    const blanks = inner.length - inner.trimStart().length;
    parts.push({
      kind: "expression",
      source: inner.trim(),
      offset: open + OPEN.length + blanks,
    });
    from = close + 2;
  }
  addText(parts, template.slice(from), from);
  return { ok: true, parts };
}

function addText(parts: TemplatePart[], text: string, offset: number): void {
  if (text !== "") parts.push({ kind: "text", text, offset });
}

/** Where the `}}` is that closes the expression: not one in a text, and not the ends of two objects. */
function findClose(template: string, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at += 1) {
    const character = template[at];
    if (character === '"' || character === "'") {
      const end = endOfText(template, at, character);
      if (end === -1) break;
      at = end;
    } else if (character === "{") depth += 1;
    else if (character === "}") {
      if (depth === 0 && template[at + 1] === "}") return at;
      if (depth === 0) break;
      depth -= 1;
    }
  }
  // The expression is broken; its own parser says how.
  return template.indexOf("}}", start);
}

/** The last character of the text that begins here, or -1 when it has no end. */
function endOfText(template: string, start: number, quote: string): number {
  const triple = quote.repeat(3);
  const delimiter = template.startsWith(triple, start) ? triple : quote;
  for (let at = start + delimiter.length; at < template.length; at += 1) {
    if (template.startsWith(delimiter, at)) return at + delimiter.length - 1;
    if (template[at] === "\\") at += 1;
  }
  return -1;
}
