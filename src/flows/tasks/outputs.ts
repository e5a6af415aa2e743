import type { Evaluator } from "../evaluator.ts";
import type { Step } from "../flow.ts";
import type { Json, JsonObject } from "../json.ts";
import { createRendering } from "../rendering.ts";
import type { Outcome } from "../rendering.ts";
import type { Sight } from "../tree/sight.ts";
import type { Output } from "../task.ts";

/** A step's output with the values that its `outputs` name; `seen` is the output as they see it. */
export function withOutputs(
  step: Step,
  output: Output,
  seen: JsonObject,
  sight: Sight,
  evaluator: Evaluator,
): Outcome<Output> {
  const expressions = Object.entries(step.outputs);
  if (expressions.length === 0) return { ok: true, value: output };
  const names = { ...sight.names, output: seen };
  const rendering = createRendering(evaluator, { ...sight, names });
  const outputs: Record<string, Json> = {};
  for (const [name, expression] of expressions) {
    outputs[name] = rendering.expression(`outputs.${name}`, expression);
  }
  return rendering.outcome({ ...output, outputs });
}
