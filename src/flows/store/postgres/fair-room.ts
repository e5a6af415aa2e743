import type { PlacedClaimer } from "./claim.ts";
import type { Load, ReadyTask } from "./ready-tasks.ts";

/** What others have not taken after so long, anybody takes. */
const HEAD_START_MS = 200;
/** Whoever has a step's folder takes it as soon as there is a place for it: after so long there is nobody. */
const WITHOUT_FOLDER_MS = 60_000;

/** For how long a task is left for others, in milliseconds: for those who have its folder, and those who have room. */
export function headStart(
  { lane, sinceMs }: Pick<ReadyTask, "lane" | "sinceMs">,
  { hasFolder, aliveMs }: PlacedClaimer,
  hasRoom: boolean,
): number {
  if (lane.folder === null || hasFolder(lane.folder)) return hasRoom ? 0 : HEAD_START_MS;
  // It may have waited for days because there was no worker at all.
  return WITHOUT_FOLDER_MS + Math.max(0, sinceMs - aliveMs);
}

/**
 * How many more tasks a worker may take before it is the turn of others: each has an equal share of all places, or the
 * first one would take everything that its own steps lead to.
 */
export function fairRoom({ only, limits }: PlacedClaimer, { workers, own }: Load): number {
  if (only !== null) return Number.POSITIVE_INFINITY;
  return Math.ceil(limits.steps / Math.max(1, workers)) - own;
}
