import { unreachable } from "../../unreachable.ts";
import type { Evaluator } from "../evaluator.ts";
import type { Container, ForEachStep, LoopStep, SubflowStep } from "../flow.ts";
import { completeInputs } from "../inputs/complete-inputs.ts";
import { itemWaves } from "./item-waves.ts";
import { MOST_ITERATIONS } from "../flow.ts";
import type { Json } from "../json.ts";
import { isList } from "../json-fields.ts";
import { createRendering } from "../rendering.ts";
import type { Outcome } from "../rendering.ts";
import type { Sight } from "../tree/sight.ts";
import { expressionFailed, inputsRefused } from "../step-failure.ts";
import type { Opened } from "../task.ts";

/** What a container is opened with: everything in it that depends on values of this moment. */
export function openContainer(
  step: Container,
  sight: Sight,
  evaluator: Evaluator,
): Outcome<Opened> {
  switch (step.kind) {
    case "loop":
      return openLoop(step, sight, evaluator);
    case "for-each":
      return openForEach(step, sight, evaluator);
    case "flow":
      return openSubflow(step, sight, evaluator);
    default:
      return unreachable(step);
  }
}

function openLoop({ max }: LoopStep, sight: Sight, evaluator: Evaluator): Outcome<Opened> {
  if (typeof max === "number") return { ok: true, value: { kind: "loop", max } };
  const rendering = createRendering(evaluator, sight);
  const value = rendering.number("max", max);
  if (!Number.isInteger(value) || value < 1 || value > MOST_ITERATIONS) {
    const message = `its value is ${value}, and a whole number from 1 to ${MOST_ITERATIONS} is needed`;
    rendering.refuse(expressionFailed("max", max, message));
  }
  return rendering.outcome({ kind: "loop", max: value });
}

function openForEach(step: ForEachStep, sight: Sight, evaluator: Evaluator): Outcome<Opened> {
  const rendering = createRendering(evaluator, sight);
  const items = rendering.expression("for-each", step.items);
  if (!isList(items)) {
    rendering.refuse(expressionFailed("for-each", step.items, "its value is not a list"));
    return rendering.outcome({ kind: "for-each", items: [], waves: [] });
  }
  const waves = wavesOf(step, items, sight, evaluator);
  return waves.ok ? { ok: true, value: { kind: "for-each", items, waves: waves.value } } : waves;
}

function wavesOf(
  step: ForEachStep,
  items: readonly Json[],
  sight: Sight,
  evaluator: Evaluator,
): Outcome<readonly (readonly number[])[]> {
  if (step.order === null) return { ok: true, value: [] };
  const orders: number[] = [];
  for (const [index, item] of items.entries()) {
    const names = { ...sight.names, [step.as]: item, index: index + 1 };
    const rendering = createRendering(evaluator, { ...sight, names });
    const order = rendering.outcome(rendering.number("order", step.order));
    if (!order.ok) return order;
    orders.push(order.value);
  }
  return { ok: true, value: itemWaves(orders) };
}

function openSubflow(step: SubflowStep, sight: Sight, evaluator: Evaluator): Outcome<Opened> {
  const rendering = createRendering(evaluator, sight);
  const values: Record<string, Json> = {};
  for (const [name, template] of Object.entries(step.inputs)) {
    values[name] = rendering.value(`inputs.${name}`, template);
  }
  const given = rendering.outcome(values);
  if (!given.ok) return given;
  const { name, inputs: schema } = step.flow;
  const troubles = evaluator.findInputTroubles(schema, values);
  if (troubles.length > 0) return { ok: false, failure: inputsRefused(name, troubles) };
  return { ok: true, value: { kind: "flow", inputs: completeInputs(schema, values) } };
}
