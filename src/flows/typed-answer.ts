import { unreachable } from "../unreachable.ts";
import type { Json } from "../json/json.ts";
import type { Work } from "./work.ts";

/** What is asked, and of what kind the answer must be. */
export type TypedQuestion = Pick<Extract<Work, { kind: "ask" }>, "question" | "options" | "answer">;

/** An answer as later steps see it, or what is wrong with it. */
export type ReadAnswer =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problem: string };

/** Reads what somebody has answered: an option by its number or its text, a number, yes or no, or a text. */
export function readTypedAnswer(asked: TypedQuestion, text: string): ReadAnswer {
  const said = text.trim();
  const problem = `the answer must be ${describeAnswer(asked)}`;
  if (said === "") return { ok: false, problem };
  const value = valueOf(asked, said);
  return value === null ? { ok: false, problem } : { ok: true, value };
}

function valueOf(asked: TypedQuestion, said: string): Json {
  switch (asked.answer) {
    case "text":
      return said;
    case "number":
      return numberOf(said);
    case "boolean":
      return booleans.get(said.toLowerCase()) ?? null;
    case "option":
      return optionOf(asked.options, said);
    default:
      return unreachable(asked.answer);
  }
}

/** How an answer has to look, for whoever is asked. */
export function describeAnswer({ answer, options }: TypedQuestion): string {
  switch (answer) {
    case "text":
      return "a text";
    case "number":
      return "a number, such as 3 or 0.5";
    case "boolean":
      return "yes or no";
    case "option":
      return `one of: ${options.join(", ")}`;
    default:
      return unreachable(answer);
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["y", true],
  ["true", true],
  ["no", false],
  ["n", false],
  ["false", false],
]);

/** As people write numbers; not all that a program takes for one. */
function numberOf(said: string): number | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(said)) return null;
  return Number.isFinite(Number(said)) ? Number(said) : null;
}

/** The text wins: an option may itself be a number. */
function optionOf(options: readonly string[], said: string): string | null {
  const same = options.find((option) => option.trim() === said);
  const alike = options.filter((option) => option.trim().toLowerCase() === said.toLowerCase());
  const numbered = /^[1-9]\d*$/.test(said) ? options[Number(said) - 1] : undefined;
  return same ?? (alike.length === 1 ? alike[0] : undefined) ?? numbered ?? null;
}
