import type { Step } from "../flow.ts";

/** The steps of a scope that need this one, directly or through others. */
export function dependentsOf(steps: readonly Step[], stepId: string): ReadonlySet<string> {
  const found = new Set([stepId]);
  // A set that grows while it is walked through is walked through to its new end.
  for (const id of found) {
    for (const step of steps) if (step.needs.includes(id)) found.add(step.id);
  }
  found.delete(stepId);
  return found;
}
