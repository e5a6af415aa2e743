import { EvaluationError, ParseError, TypeError } from "@marcbachmann/cel-js";
import { messageOf } from "../../thrown.ts";
import { tellWrongTypes } from "./wrong-types.ts";

/** What is wrong with an expression, and where in it (counted from 0). */
export interface ExpressionProblem {
  readonly message: string;
  readonly offset: number;
  /** Whether something that was looked for is not there. */
  readonly isMissingValue: boolean;
}

/** What the expression language throws, in a sentence. */
export function describeProblem(
  error: unknown,
  source: string,
  functionNames: ReadonlySet<string>,
): ExpressionProblem {
  if (isOfLanguage(error)) {
    return {
      message: source.trim() === "" ? "it is empty" : inWords(error.summary, functionNames),
      offset: error.range?.start ?? 0,
      isMissingValue: missing.has(error.code),
    };
  }
  const message = messageOf(error);
  return { message: message.replaceAll(/\s+/g, " "), offset: 0, isMissingValue: false };
}

const missing: ReadonlySet<string> = new Set(["no_such_key", "index_out_of_bounds"]);

function isOfLanguage(error: unknown): error is ParseError | EvaluationError | TypeError {
  return (
    error instanceof ParseError || error instanceof EvaluationError || error instanceof TypeError
  );
}

function inWords(summary: string, functionNames: ReadonlySet<string>): string {
  if (summary.endsWith("EOF")) return "it ends too early";
  const wrongTypes = tellWrongTypes(summary, functionNames);
  if (wrongTypes !== null) return wrongTypes;
  const index = /index out of bounds, index (-?\d+)/.exec(summary)?.[1];
  if (index !== undefined) return `the list has no element ${index} (the first is 0)`;
  if (summary === "Unexpected character: =") return '"=" is no sign here; "==" compares';
  if (summary === "Unexpected character: &") return '"&" is no sign here; "&&" means and';
  if (summary === "Unexpected character: |") return '"|" is no sign here; "||" means or';
  const isOfTokens = /^(?:Expected|Unexpected token)\b/.test(summary);
  return isOfTokens
    ? summary.replaceAll(/\b[A-Z]{2,}\b/g, (token) => tokens[token] ?? token)
    : summary.replaceAll(/\s+/g, " ");
}

/** What its parser calls the signs. */
const tokens: Readonly<Record<string, string>> = {
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  DOT: '"."',
  COMMA: '","',
  COLON: '":"',
  QUESTION: '"?"',
  IDENTIFIER: "a name",
  STRING: "a text",
  NUMBER: "a number",
  BOOLEAN: "true or false",
  NULL: "null",
  IN: '"in"',
  EOF: "the end",
};
