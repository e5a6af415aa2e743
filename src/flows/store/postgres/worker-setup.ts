import type { Evaluator } from "../../evaluator.ts";
import type { WorkerPace } from "../worker-pace.ts";
import type { PostgresAddress } from "./database.ts";
import type { Dbos, Driver } from "./packages.ts";

/** Where a worker works, and how patient it is. */
export interface WorkerSetup {
  readonly driver: Driver;
  readonly dbos: Dbos;
  readonly address: PostgresAddress;
  readonly evaluator: Evaluator;
  readonly pace: WorkerPace;
  /** The agents that it can hand work to; null: all. */
  readonly agents: ReadonlySet<string> | null;
}
