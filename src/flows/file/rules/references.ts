import type { Reference } from "../../expression/references.ts";
import type { Json } from "../../json.ts";
import { entriesOf } from "../../json-fields.ts";
import { takesOtherInputs } from "../../inputs/input-names.ts";
import { didYouMean, nearest } from "../../../text/nearest.ts";
import { allSteps, containersOf, kindOf } from "../outline.ts";
import type { OutlineScope, OutlineStep } from "../outline.ts";
import { outputFields } from "../output-fields.ts";
import { neededBy } from "../sight.ts";
import type { Sight } from "../sight.ts";

/** Who looks, and from where. */
export interface Look {
  readonly sight: Sight;
  /** The flow's JSON Schema of its inputs, or null. */
  readonly inputs: Json;
}

/** Why an expression can't look at this, or null when it can. */
export function complainOfReference(
  { name, path }: Reference,
  { sight, inputs }: Look,
): string | null {
  if (!sight.names.has(name)) return complainOfName(name, sight);
  if (name === "steps") return complainOfStep(path, sight);
  if (name === "previous") return complainOfPrevious(path, sight);
  if (name === "inputs") return complainOfInput(path, inputs);
  if (name === "run") return complainOfField(path[0], RUN_FIELDS, "run");
  return null;
}

const RUN_FIELDS = ["id", "cwd", "author"];

function complainOfName(name: string, sight: Sight): string {
  if (name === "previous" || name === "iteration") return `there is no "${name}" outside a loop`;
  if (name === "index") return 'there is no "index" outside a for-each';
  if (name === "output") return 'there is no "output" but in outputs';
  if (stepsInReach(sight).some(({ id }) => id === name)) {
    return `there is no "${name}" here; did you mean "steps.${name}"?`;
  }
  const names = [...sight.names].toSorted();
  const meant = nearest(name, names);
  const known = meant === null ? `; there are ${names.join(", ")}` : `; did you mean "${meant}"?`;
  return `there is no "${name}" here${known}`;
}

function complainOfInput([name]: readonly string[], inputs: Json): string | null {
  const names = entriesOf(inputs, "properties").map(([known]) => known);
  if (name === undefined || names.includes(name) || takesOtherInputs(inputs)) return null;
  const meant = didYouMean(name, names);
  const known = names.length === 0 ? "; the flow has none" : `; there are ${names.join(", ")}`;
  return `there is no input "${name}"${meant === "" ? known : meant}`;
}

function complainOfStep([id, field]: readonly string[], sight: Sight): string | null {
  if (id === undefined) {
    return sight.isAfterAll
      ? null
      : 'name the step, as in steps.code or steps["code"]: what it may see depends on its needs';
  }
  const step = sight.steps.get(id);
  if (step !== undefined) return complainOfOutput(step, field, `steps.${id}`);
  return complainOfStepOutOfSight(id, sight);
}

function complainOfOutput(step: OutlineStep, field: string | undefined, name: string) {
  const kind = kindOf(step);
  return kind === null ? null : complainOfField(field, outputFields(kind), name);
}

function complainOfField(
  field: string | undefined,
  fields: readonly string[],
  name: string,
): string | null {
  if (field === undefined || fields.includes(field)) return null;
  const meant = didYouMean(field, fields);
  return `${name} has no "${field}"${meant === "" ? `; it has ${fields.join(", ")}` : meant}`;
}

function complainOfStepOutOfSight(id: string, sight: Sight): string {
  const { owner } = sight;
  const all = stepsInReach(sight);
  const target = all.find((step) => step.id === id);
  if (target === undefined) {
    const ids = all.map((step) => step.id);
    return `there is no step "${id}"${didYouMean(id, ids)}`;
  }
  if (owner === null) return inside(target);
  if (target === owner) return "a step can't look at itself";
  if (containersOf(owner).includes(target)) return `"${id}" is around this step, and not over yet`;
  if (neededBy(target).has(owner.id) && target.scope === owner.scope) {
    return `"${id}" comes after this step`;
  }
  const here = [owner, ...containersOf(owner)].find((step) => step.scope === target.scope);
  if (here === owner) return `"${id}" may not be over yet; add "${id}" to needs`;
  if (here !== undefined)
    return `"${id}" may not be over yet; add "${id}" to the needs of "${here.id}"`;
  return inside(target);
}

/** How a step in another one is reached. */
function inside(target: OutlineStep): string {
  const [container] = containersOf(target);
  if (container === undefined) return `"${target.id}" may not be over yet`;
  return kindOf(container) === "for-each"
    ? `"${target.id}" is in "${container.id}"; look at steps.${container.id}.items`
    : `"${target.id}" is in "${container.id}"; write steps.${container.id}.steps.${target.id}`;
}

function complainOfPrevious([id, field]: readonly string[], { loop }: Sight): string | null {
  if (id === undefined || loop === null) return null;
  const inLoop = loop.inside?.steps ?? new Map<string, OutlineStep>();
  const step = inLoop.get(id);
  if (step !== undefined) return complainOfOutput(step, field, `previous.${id}`);
  return `the loop "${loop.id}" has no step "${id}"${didYouMean(id, inLoop.keys())}`;
}

/** Every step of the file, whatever may be seen of it. */
export function stepsInReach({ owner, steps }: Sight): readonly OutlineStep[] {
  const [any] = owner === null ? steps.values() : [owner];
  return any === undefined ? [] : allSteps(topOf(any.scope));
}

function topOf(scope: OutlineScope): OutlineScope {
  return scope.container === null ? scope : topOf(scope.container.scope);
}
