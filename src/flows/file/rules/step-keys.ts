import { escapePointer } from "../../../json/pointer.ts";
import { complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { commonKeys, keysOfKind, neededKeys, stepKinds } from "../keys.ts";
import type { StepKind } from "../keys.ts";
import { kindOf } from "../outline.ts";
import type { OutlineStep } from "../outline.ts";

/** Whether a step is one thing, and has the keys that belong to it. */
export function checkStepKeys(step: OutlineStep): readonly Complaint[] {
  const kind = kindOf(step);
  if (kind !== null) return [...complainOfMissing(step, kind), ...complainOfForeign(step, kind)];
  const message =
    step.kinds.length === 0
      ? `"${step.id}" does nothing; give it one of ${stepKinds.join(", ")}`
      : `"${step.id}" can't be ${step.kinds.join(" and ")} at once; make a step of each`;
  return [complainOfKey(step.at, message)];
}

function complainOfMissing({ at, json }: OutlineStep, kind: StepKind): readonly Complaint[] {
  return neededKeys[kind]
    .filter((key) => !Object.hasOwn(json, key))
    .map((key) => complainOfKey(at, `${nameOf(kind)} needs the key "${key}"`));
}

function complainOfForeign({ at, json }: OutlineStep, kind: StepKind): readonly Complaint[] {
  return Object.keys(json)
    .filter((key) => !commonKeys.some((common) => common === key))
    .filter((key) => !keysOfKind[kind].includes(key))
    .flatMap((key) => {
      const owners = stepKinds.filter((other) => keysOfKind[other].includes(key));
      if (owners.length === 0) return [];
      const message = `"${key}" is for ${owners.join(", ")}; this is ${nameOf(kind)}`;
      return [complainOfKey(`${at}/${escapePointer(key)}`, message)];
    });
}

function nameOf(kind: StepKind): string {
  if (kind === "loop" || kind === "for-each") return `a ${kind}`;
  return /^[aeiou]/.test(kind) ? `an ${kind} step` : `a ${kind} step`;
}
