import { complain, complainOfKey } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { expressionOf } from "../literal.ts";
import { needsOf } from "../outline.ts";
import type { OutlineScope, OutlineStep } from "../outline.ts";
import type { Compiler } from "../../expression/compile.ts";

/** Steps that no run ever reaches: their condition is never true, or they would be skipped along with one of these. */
export function checkReach(scope: OutlineScope, compiler: Compiler): readonly Complaint[] {
  const reached = new Map<string, boolean>();
  const never = [...scope.steps.values()].filter((step) => isNeverTrue(step, compiler));
  for (const step of never) reached.set(step.id, false);
  return [...scope.steps.values()].flatMap((step) => {
    if (never.includes(step)) {
      return [complain(`${step.at}/when`, `"${step.id}" is never reached: this is never true`)];
    }
    const lost = lostNeed(step, reached, new Set());
    if (lost === null) return [];
    const message = `"${step.id}" is never reached: it needs "${lost}", which is always skipped`;
    return [complainOfKey(step.at, message)];
  });
}

/** The need with which this step would be skipped, or null. A step with a condition of its own decides for itself. */
function lostNeed(
  step: OutlineStep,
  reached: Map<string, boolean>,
  open: Set<OutlineStep>,
): string | null {
  if (Object.hasOwn(step.json, "when") || open.has(step)) return null;
  open.add(step);
  const lost = needsOf(step).find((id) => {
    const needed = step.scope.steps.get(id);
    if (needed === undefined) return false;
    const known = reached.get(id);
    if (known !== undefined) return !known;
    const isReached = lostNeed(needed, reached, open) === null;
    reached.set(id, isReached);
    return !isReached;
  });
  open.delete(step);
  return lost ?? null;
}

/** Whether the condition looks at nothing and is not true. */
function isNeverTrue({ json }: OutlineStep, compiler: Compiler): boolean {
  const written = json["when"];
  if (written === undefined || written === null) return false;
  const compilation = compiler.compile(expressionOf(written));
  if (!compilation.ok || compilation.references.length > 0) return false;
  const result = compilation.run(new Map());
  return result.ok && result.value === false;
}
