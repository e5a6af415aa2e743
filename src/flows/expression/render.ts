import type { Expression, Template } from "../flow.ts";
import type { Json } from "../../json/json.ts";
import { parseTemplate } from "./template.ts";

/** What an expression came to. */
export type Evaluation =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string };

/** Why a template could not be rendered: which expression, and what is wrong with it. */
export interface RenderFailure {
  readonly ok: false;
  readonly message: string;
  readonly expression: Expression;
}

export type RenderedText = { readonly ok: true; readonly text: string } | RenderFailure;
export type RenderedValue = { readonly ok: true; readonly value: Json } | RenderFailure;

/** Gives one expression its value. */
export type EvaluateOne = (source: Expression) => Evaluation;

/** A template as text. */
export function renderTemplate(template: Template, evaluate: EvaluateOne): RenderedText {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return { ok: false, message: parsed.message, expression: template };
  let text = "";
  for (const part of parsed.parts) {
    if (part.kind === "text") text += part.text;
    else {
      const evaluation = evaluate(part.source);
      if (!evaluation.ok) return failureOf(part.source, evaluation.message);
      text += textOf(evaluation.value);
    }
  }
  return { ok: true, text };
}

/** A template as a value: that of its expression when it is nothing else, or text. */
export function renderValue(template: Template, evaluate: EvaluateOne): RenderedValue {
  const parsed = parseTemplate(template);
  const [only, ...more] = parsed.ok ? parsed.parts : [];
  if (only?.kind === "expression" && more.length === 0) {
    const evaluation = evaluate(only.source);
    return evaluation.ok ? evaluation : failureOf(only.source, evaluation.message);
  }
  const rendered = renderTemplate(template, evaluate);
  return rendered.ok ? { ok: true, value: rendered.text } : rendered;
}

/** A value as it reads in the middle of a text. */
export function textOf(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function failureOf(expression: Expression, message: string): RenderFailure {
  return { ok: false, message, expression };
}
