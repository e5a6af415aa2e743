import { textOf } from "../../json/json-fields.ts";
import { containersOf, kindOf, needsOf } from "./outline.ts";
import type { OutlineScope, OutlineStep } from "./outline.ts";

/** What an expression at some place may see. */
export interface Sight {
  /** Names of values. */
  readonly names: ReadonlySet<string>;
  /** Steps that are over by then. */
  readonly steps: ReadonlyMap<string, OutlineStep>;
  /** The loop whose last iteration is `previous`, or null. */
  readonly loop: OutlineStep | null;
  /** The step it belongs to; null for the report. */
  readonly owner: OutlineStep | null;
  /** Whether every step beside it is over, so that it may look at all of them. */
  readonly isAfterAll: boolean;
}

/** What the report may see: all is over. */
export function sightOfReport(root: OutlineScope): Sight {
  return {
    names: namesIn(root),
    steps: root.steps,
    loop: null,
    owner: null,
    isAfterAll: true,
  };
}

/** What a step may see before it begins: the steps that it needs, directly or through others, and those that what is around it needs. */
export function sightOfStep(step: OutlineStep): Sight {
  return {
    names: namesIn(step.scope),
    steps: settledBefore(step),
    loop: loopAround(step.scope),
    owner: step,
    isAfterAll: false,
  };
}

/** What a loop may see when an iteration is over. */
export function sightOfUntil(loop: OutlineStep): Sight {
  const inside = loop.inside ?? { container: loop, steps: new Map<string, OutlineStep>() };
  return {
    names: namesIn(inside),
    steps: new Map([...settledBefore(loop), ...inside.steps]),
    loop,
    owner: loop,
    isAfterAll: true,
  };
}

/** The same with more names. */
export function withNames(sight: Sight, ...names: readonly string[]): Sight {
  return { ...sight, names: new Set([...sight.names, ...names]) };
}

/** What the item of a for-each is called. */
export function itemName(step: OutlineStep): string {
  return textOf(step.json["for-each"], "as") ?? "item";
}

/** The steps of this scope that the step needs, directly or through others. */
export function neededBy(step: OutlineStep): ReadonlyMap<string, OutlineStep> {
  const found = new Map<string, OutlineStep>();
  const open = [step];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const id of needsOf(next)) {
      const needed = step.scope.steps.get(id);
      if (needed === undefined || found.has(id)) continue;
      found.set(id, needed);
      open.push(needed);
    }
  }
  return found;
}

function settledBefore(step: OutlineStep): ReadonlyMap<string, OutlineStep> {
  const around = containersOf(step);
  return new Map([step, ...around].toReversed().flatMap((each) => [...neededBy(each)]));
}

function loopAround(scope: OutlineScope): OutlineStep | null {
  const { container } = scope;
  if (container === null) return null;
  return kindOf(container) === "loop" ? container : loopAround(container.scope);
}

function namesIn(scope: OutlineScope): ReadonlySet<string> {
  const { container } = scope;
  if (container === null) return new Set(["inputs", "steps", "run"]);
  const around = namesIn(container.scope);
  const own =
    kindOf(container) === "loop" ? ["previous", "iteration"] : [itemName(container), "index"];
  return new Set([...around, ...own]);
}
