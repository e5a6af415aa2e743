import { failureKinds } from "../failure.ts";

/** The ways in which a step can fail besides those of a run, with the exit code of a flow that ends by them. */
export const stepFailureKinds = {
  /** A command ended with another exit code than 0, by a signal, or not in time. */
  command_failed: 1,
  /** A person said no. */
  rejected: 1,
  /** A loop came to its last iteration, and its `until` was not true. */
  loop_exhausted: 1,
  /** A step inside failed. */
  step_failed: 1,
  /** An expression has no value. */
  expression_failed: 1,
  /** Its worker died each time that the step was begun. */
  worker_lost: 1,
  /** The budget has no room for the step. */
  budget_exhausted: 8,
  /** The agent does not say what it has used, and the budget wants it known. */
  usage_unknown: 1,
} as const satisfies Record<string, number>;

const exitCodes: ReadonlyMap<string, number> = new Map([
  ...Object.entries(failureKinds).map(([code, { exit }]): [string, number] => [code, exit]),
  ...Object.entries(stepFailureKinds),
]);

export type StepFailureCode = keyof typeof stepFailureKinds;

/** The exit code of a flow that ends by this failure; a newer version may know more codes than this one. */
export function exitCodeOfStepFailure(code: string): number {
  return exitCodes.get(code) ?? 1;
}
