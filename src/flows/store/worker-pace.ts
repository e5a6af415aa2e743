import type { Patience } from "./departure.ts";

/** In milliseconds; all workers of a store have the same. */
export interface WorkerPace extends Patience {
  /** Between signs of life; a worker that is silent for several of them is given up. */
  readonly beatMs: number;
}

/** What workers have unless a test wants it otherwise. */
export const usualPace: WorkerPace = {
  beatMs: 1_500,
  patienceMs: 30_000,
  warnAfterMs: 5_000,
  leaveMs: 10_000,
};
