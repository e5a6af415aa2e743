import type { Step } from "../flow.ts";

/** How many steps there are, with those of loops and of other flows. */
export function countSteps(steps: readonly Step[]): number {
  return steps.reduce((count, step) => count + 1 + countSteps(stepsInside(step)), 0);
}

function stepsInside(step: Step): readonly Step[] {
  if (step.kind === "flow") return step.flow.steps;
  return step.kind === "loop" || step.kind === "for-each" ? step.steps : [];
}
