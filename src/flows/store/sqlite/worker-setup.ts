import type { Evaluator } from "../../evaluator.ts";
import type { Patience } from "./departure.ts";

/** Which file a worker works on, and how patient it is. */
export interface WorkerSetup {
  readonly path: string;
  readonly evaluator: Evaluator;
  readonly pace: WorkerPace;
}

/** In milliseconds; all workers of a store have the same. */
export interface WorkerPace extends Patience {
  /** Between signs of life; a worker that is silent for five of them is given up. */
  readonly beatMs: number;
}
