import type { Template } from "../flow.ts";
import type { ShellLine } from "../work.ts";
import { textOf } from "./render.ts";
import type { EvaluateOne, RenderFailure } from "./render.ts";
import { createShellReader } from "./shell-place.ts";
import type { ShellPlace } from "./shell-place.ts";
import { parseTemplate } from "./template.ts";
import { unreachable } from "../../unreachable.ts";

export type RenderedShellLine = ({ readonly ok: true } & ShellLine) | RenderFailure;

/** The most bytes of one value; Linux takes no variable of more than 128 KiB. */
const MAX_VALUE_BYTES = 100 * 1024;

/** A shell line in which each expression is a variable, with the values beside it. */
export function renderShellLine(template: Template, evaluate: EvaluateOne): RenderedShellLine {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return { ok: false, message: parsed.message, expression: template };
  const env: Record<string, string> = {};
  const reader = createShellReader();
  let line = "";
  for (const part of parsed.parts) {
    if (part.kind === "text") {
      reader.read(part.text);
      line += part.text;
      continue;
    }
    const name = `DELEGATE_VALUE_${Object.keys(env).length + 1}`;
    const place = reader.readValue();
    const variable = variableIn(place, name);
    const evaluation = evaluate(part.source);
    const text = evaluation.ok ? textOf(evaluation.value) : "";
    const problem =
      (evaluation.ok ? null : evaluation.message) ?? wrongPlace(place) ?? unfitValue(text);
    if (problem !== null) return { ok: false, message: problem, expression: part.source };
    env[name] = text;
    line += variable;
  }
  return { ok: true, line, env };
}

/** Why no value can stand there, or null when one can. */
export function wrongPlace(place: ShellPlace): string | null {
  switch (place) {
    case "bare":
    case "double-quoted":
    case "here-document":
    case "comment":
      return null;
    case "single-quoted":
      return "single quotes keep the shell from seeing the value; use double quotes, or none";
    case "quoted-here-document":
      return "a here-document with a quoted end word keeps the shell from seeing the value; do not quote the word";
    case "arithmetic":
      return "in $(( )) a value would be read as part of the program; use $(expr …) or a command";
    case "backquoted":
      return "between backquotes a value is not safe; use $( ) instead";
    case "escaped":
      return 'the backslash before it takes the value away; write "\\\\" for a backslash';
    case "end-word":
      return "a value can't be the end word of a here-document";
    default:
      return unreachable(place);
  }
}

/** Outside of quotes, the variable gets some: a value is one word there, whatever blanks or stars it has. */
function variableIn(place: ShellPlace, name: string): string {
  return place === "bare" ? `"\${${name}}"` : `\${${name}}`;
}

function unfitValue(text: string): string | null {
  if (text.includes("\0")) return "the value has a NUL character, which no command can be given";
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_VALUE_BYTES) return null;
  return `the value is ${bytes} bytes long, and a command takes at most ${MAX_VALUE_BYTES}; give it as "stdin", or write it to a file and pass its path`;
}
