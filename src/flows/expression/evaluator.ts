import type { Evaluator, Scope } from "../evaluator.ts";
import type { Expression } from "../flow.ts";
import { createInputJudge } from "../inputs/judge-inputs.ts";
import { fromCel, toCel } from "./cel-value.ts";
import type { CelValue, Converted } from "./cel-value.ts";
import { createCompiler } from "./compile.ts";
import type { Compiler } from "./compile.ts";
import { renderShellLine } from "./shell-line.ts";
import { renderTemplate, renderValue } from "./render.ts";
import type { Evaluation } from "./render.ts";

/** An evaluator that remembers the expressions it has compiled and the values it has converted. */
export function createEvaluator(compiler: Compiler = createCompiler()): Evaluator {
  const converted: Converted = new WeakMap();
  const evaluate = (expression: Expression, scope: Scope): Evaluation => {
    try {
      return evaluateWith(compiler, converted, expression, scope);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ok: false, message: "a value is nested too deeply" };
    }
  };
  return {
    evaluate,
    renderTemplate: (template, scope) =>
      renderTemplate(template, (source) => evaluate(source, scope)),
    renderValue: (template, scope) => renderValue(template, (source) => evaluate(source, scope)),
    renderShellLine: (template, scope) =>
      renderShellLine(template, (source) => evaluate(source, scope)),
    findInputTroubles: createInputJudge(),
  };
}

function evaluateWith(
  compiler: Compiler,
  converted: Converted,
  source: Expression,
  scope: Scope,
): Evaluation {
  const compilation = compiler.compile(source);
  if (!compilation.ok) return { ok: false, message: compilation.problem.message };
  const names = new Set(compilation.references.map(({ name }) => name));
  const context = new Map<string, CelValue>();
  for (const name of names) {
    const value = Object.hasOwn(scope, name) ? scope[name] : undefined;
    if (value !== undefined) context.set(name, toCel(value, converted));
  }
  const raw = compilation.run(context);
  if (raw.ok) return fromCel(raw.value);
  const looksBack = names.has("previous") && context.has("previous");
  // A step of the previous iteration may have been skipped: what it would have said is nothing, and no failure.
  if (looksBack && (context.get("previous") === null || raw.problem.isMissingValue)) {
    return { ok: true, value: null };
  }
  return { ok: false, message: raw.problem.message };
}
