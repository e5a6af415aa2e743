import { escapePointer } from "../../json/pointer.ts";
import type { Json, JsonObject } from "../json.ts";
import { fieldOf, isObject, textsOf } from "../json-fields.ts";
import { stepKinds } from "./keys.ts";
import type { StepKind } from "./keys.ts";

/** A step as it is written, and where. It may be broken. */
export interface OutlineStep {
  readonly id: string;
  /** JSON pointer. */
  readonly at: string;
  readonly json: JsonObject;
  /** Everything that it says it is; a good step has exactly one. */
  readonly kinds: readonly StepKind[];
  readonly scope: OutlineScope;
  /** What it holds, or null. */
  readonly inside: OutlineScope | null;
}

/** Steps that stand beside each other. */
export interface OutlineScope {
  /** The step around them, or null at the top. */
  readonly container: OutlineStep | null;
  readonly steps: ReadonlyMap<string, OutlineStep>;
}

/** The steps of a flow file with what is in them, as far as they can be made out. */
export function outline(document: Json): OutlineScope {
  return outlineScope(fieldOf(document, "steps"), "/steps", null);
}

/** All steps below a scope, in the order of the file. */
export function allSteps(scope: OutlineScope): readonly OutlineStep[] {
  return [...scope.steps.values()].flatMap((step) => [
    step,
    ...(step.inside === null ? [] : allSteps(step.inside)),
  ]);
}

/** The one kind of a good step, or null. */
export function kindOf({ kinds }: OutlineStep): StepKind | null {
  const [kind, ...more] = kinds;
  return kind === undefined || more.length > 0 ? null : kind;
}

/** The ids that a step needs, as they are written. */
export function needsOf(step: OutlineStep): readonly string[] {
  return textsOf(step.json, "needs");
}

/** The steps around this one, from the inside. */
export function containersOf(step: OutlineStep): readonly OutlineStep[] {
  const { container } = step.scope;
  return container === null ? [] : [container, ...containersOf(container)];
}

function outlineScope(
  json: Json | undefined,
  at: string,
  container: OutlineStep | null,
): OutlineScope {
  const steps = new Map<string, OutlineStep>();
  const scope = { container, steps };
  if (!isObject(json)) return scope;
  for (const [id, step] of Object.entries(json)) {
    if (!isObject(step)) continue;
    steps.set(id, outlineStep(id, step, `${at}/${escapePointer(id)}`, scope));
  }
  return scope;
}

function outlineStep(id: string, json: JsonObject, at: string, scope: OutlineScope): OutlineStep {
  const kinds = stepKinds.filter((kind) => Object.hasOwn(json, kind));
  const step = { id, at, json, kinds, scope, inside: null };
  const inside = fieldOf(json, "steps");
  if (inside === undefined) return step;
  const holder: OutlineStep & { inside: OutlineScope | null } = step;
  holder.inside = outlineScope(inside, `${at}/steps`, holder);
  return holder;
}
