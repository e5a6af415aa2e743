import type { Claimer } from "./claim.ts";
import type { Load } from "./ready-tasks.ts";

/** What others have not taken after so long, anybody takes. */
export const HEAD_START_MS = 200;

/**
 * How many more tasks a worker may take before it is the turn of others: each has an equal share of all places, or the
 * first one would take everything that its own steps lead to.
 */
export function fairRoom({ only, limits }: Claimer, { workers, own }: Load): number {
  if (only !== null) return Number.POSITIVE_INFINITY;
  return Math.ceil(limits.steps / Math.max(1, workers)) - own;
}
