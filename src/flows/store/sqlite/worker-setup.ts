import type { Evaluator } from "../../evaluator.ts";
import type { WorkerPace } from "../worker-pace.ts";

/** Which file a worker works on, and how patient it is. */
export interface WorkerSetup {
  readonly path: string;
  readonly evaluator: Evaluator;
  readonly pace: WorkerPace;
}
