import type { Step } from "../flow.ts";
import { stepsInside } from "../inside.ts";

/** How many steps there are, with those of loops and of other flows. */
export function countSteps(steps: readonly Step[]): number {
  return steps.reduce((count, step) => count + 1 + countSteps(stepsInside(step)), 0);
}
