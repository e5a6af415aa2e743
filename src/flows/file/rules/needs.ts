import { didYouMean } from "../../../text/nearest.ts";
import { complain, complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { allSteps, containersOf, needsOf } from "../outline.ts";
import type { OutlineScope, OutlineStep } from "../outline.ts";

/** Ids that stand twice in the file: they are names for expressions and for people, wherever the steps are. */
export function checkIds(root: OutlineScope): readonly Complaint[] {
  const seen = new Set<string>();
  return allSteps(root).flatMap(({ id, at }) => {
    if (seen.has(id)) return [complainOfKey(at, `the id "${id}" stands twice in this file`)];
    seen.add(id);
    return [];
  });
}

/** Needs that name no step beside the one that has them. */
export function checkNeeds(step: OutlineStep, root: OutlineScope): readonly Complaint[] {
  return needsOf(step).flatMap((id, index) => {
    if (id !== step.id && step.scope.steps.has(id)) return [];
    return [complain(placeOfNeed(step, index), explain(id, step, root))];
  });
}

function explain(id: string, step: OutlineStep, root: OutlineScope): string {
  if (id === step.id) return `"${id}" can't need itself`;
  const target = allSteps(root).find((each) => each.id === id);
  if (target === undefined)
    return `there is no step "${id}"${didYouMean(id, step.scope.steps.keys())}`;
  const around = containersOf(step);
  if (around.includes(target)) return `"${id}" is around this step; it is begun already`;
  const sibling = around.find((each) => each.scope === target.scope);
  if (sibling !== undefined) {
    return `"${id}" is not in "${step.scope.container?.id}"; let "${sibling.id}" need it`;
  }
  if (containersOf(target).includes(step)) return `"${id}" is in this step; it begins after it`;
  const holder = containersOf(target).find((each) => each.scope === step.scope);
  return holder === undefined
    ? `"${id}" is in another step, which this one can't see`
    : `"${id}" is in "${holder.id}"; need "${holder.id}"`;
}

/** Steps that wait for each other; each circle is told once, with its way. */
export function checkCycles(scope: OutlineScope): readonly Complaint[] {
  const finished = new Set<string>();
  const complaints: Complaint[] = [];
  for (const start of scope.steps.values()) walk(start, [], finished, complaints);
  return complaints;
}

function walk(
  step: OutlineStep,
  way: readonly OutlineStep[],
  finished: Set<string>,
  complaints: Complaint[],
): void {
  if (finished.has(step.id)) return;
  for (const [index, id] of needsOf(step).entries()) {
    const needed = step.scope.steps.get(id);
    if (needed === undefined || needed === step) continue;
    const from = [...way, step].indexOf(needed);
    if (from === -1) walk(needed, [...way, step], finished, complaints);
    else {
      const names = [...way, step].slice(from).map((each) => each.id);
      const message = `these steps wait for each other: ${[...names, id].join(" → ")}`;
      complaints.push(complain(placeOfNeed(step, index), message));
    }
  }
  finished.add(step.id);
}

function placeOfNeed(step: OutlineStep, index: number): string {
  return Array.isArray(step.json["needs"]) ? `${step.at}/needs/${index}` : `${step.at}/needs`;
}
