import type { Evaluator, Scope } from "../evaluator.ts";
import { textOf } from "../expression/render.ts";
import { parseTemplate } from "../expression/template.ts";
import type { Template } from "../flow.ts";

/** An evaluator for a flow that has not begun: an expression that has no value yet stays as it is written. */
export function lenientEvaluator(evaluator: Evaluator): Evaluator {
  const text = (template: Template, scope: Scope): string =>
    renderKnown(template, known(scope), evaluator);
  return {
    evaluate: (expression, scope) => evaluator.evaluate(expression, known(scope)),
    renderTemplate: (template, scope) => ({ ok: true, text: text(template, scope) }),
    renderValue(template, scope) {
      const rendered = evaluator.renderValue(template, known(scope));
      return rendered.ok ? rendered : { ok: true, value: text(template, scope) };
    },
    renderShellLine(template, scope) {
      const rendered = evaluator.renderShellLine(template, known(scope));
      return rendered.ok ? rendered : { ok: true, line: template, env: {} };
    },
    findInputTroubles: () => [],
  };
}

/** No step has given anything yet. */
function known({ steps: _steps, previous: _previous, ...rest }: Scope): Scope {
  return rest;
}

function renderKnown(template: Template, scope: Scope, evaluator: Evaluator): string {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return template;
  return parsed.parts
    .map((part) => {
      if (part.kind === "text") return part.text;
      const value = evaluator.evaluate(part.source, scope);
      return value.ok ? textOf(value.value) : `\${{ ${part.source} }}`;
    })
    .join("");
}
