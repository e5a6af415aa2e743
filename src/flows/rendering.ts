import type { Evaluator } from "./evaluator.ts";
import type { RenderFailure } from "./expression/render.ts";
import type { Expression, Template } from "./flow.ts";
import type { Json } from "../json/json.ts";
import { scopeOf } from "./tree/sight.ts";
import type { Sight } from "./tree/sight.ts";
import { expressionFailed } from "./step-failure.ts";
import type { StepFailure } from "./task.ts";
import type { ShellLine } from "./work.ts";

/** A value, or why there is none. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: StepFailure };

/** Gives the fields of a step their values; `field` is what a failure names. */
export interface Rendering {
  expression(field: string, expression: Expression): Json;
  /** An expression that is true or false. */
  condition(field: string, expression: Expression): boolean;
  number(field: string, expression: Expression): number;
  text(field: string, template: Template): string;
  value(field: string, template: Template): Json;
  shellLine(field: string, template: Template): ShellLine;
  /** Says that a field has a value that it must not have. */
  refuse(failure: StepFailure): void;
  /** What was made of the fields, unless one of them failed: then the first failure. */
  outcome<T>(value: T): Outcome<T>;
}

/** Renders with what is seen; a field that fails is empty, and the whole then has no outcome. */
export function createRendering(evaluator: Evaluator, sight: Sight): Rendering {
  const scope = scopeOf(sight);
  let failure: StepFailure | null = null;
  const refuse = (found: StepFailure): void => {
    failure ??= found;
  };
  const evaluate = (field: string, expression: Expression): Json => {
    const evaluation = evaluator.evaluate(expression, scope);
    if (evaluation.ok) return evaluation.value;
    refuse(expressionFailed(field, expression, evaluation.message));
    return null;
  };
  const failed = (field: string, { expression, message }: Omit<RenderFailure, "ok">): void =>
    refuse(expressionFailed(field, expression, message));
  return {
    expression: evaluate,
    condition(field, expression) {
      const value = evaluate(field, expression);
      if (typeof value === "boolean") return value;
      refuse(expressionFailed(field, expression, "its value is not true or false"));
      return false;
    },
    number(field, expression) {
      const value = evaluate(field, expression);
      if (typeof value === "number") return value;
      refuse(expressionFailed(field, expression, "its value is not a number"));
      return 0;
    },
    text(field, template) {
      const rendered = evaluator.renderTemplate(template, scope);
      if (rendered.ok) return rendered.text;
      failed(field, rendered);
      return "";
    },
    value(field, template) {
      const rendered = evaluator.renderValue(template, scope);
      if (rendered.ok) return rendered.value;
      failed(field, rendered);
      return null;
    },
    shellLine(field, template) {
      const rendered = evaluator.renderShellLine(template, scope);
      if (rendered.ok) return { line: rendered.line, env: rendered.env };
      failed(field, rendered);
      return { line: "", env: {} };
    },
    refuse,
    outcome: (value) => (failure === null ? { ok: true, value } : { ok: false, failure }),
  };
}
