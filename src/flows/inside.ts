import type { Container, Step } from "./flow.ts";

/** Whether a step holds others. */
export function isContainer(step: Step): step is Container {
  return step.kind === "loop" || step.kind === "for-each" || step.kind === "flow";
}

/** The steps that a step holds; none for one that a worker carries out. */
export function stepsInside(step: Step): readonly Step[] {
  switch (step.kind) {
    case "loop":
    case "for-each":
      return step.steps;
    case "flow":
      return step.flow.steps;
    default:
      return [];
  }
}

/** The ids of these steps and of all that are in them. */
export function idsIn(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => [step.id, ...idsIn(stepsInside(step))]);
}
