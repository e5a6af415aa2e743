import { ownName } from "../worker-life.ts";
import type { Database } from "./database.ts";
import { openPool } from "./database.ts";
import type { RecoveredExecution } from "./execution.ts";
import { Executions } from "./executions.ts";
import { registerWorker } from "./worker-rows.ts";
import type { WorkerSetup } from "./worker-setup.ts";

/** DBOS's share of this process's connections. */
const CONNECTIONS = 5;

/** This process as a worker that the others count on. */
export interface Life {
  readonly number: number;
  /** For people. */
  readonly name: string;
  readonly executions: Executions;
}

/** Makes this process a worker. */
export async function beginLife(
  database: Database,
  { driver, dbos, address }: WorkerSetup,
  only: string | null,
  onRecovered: (found: RecoveredExecution) => void,
): Promise<Life> {
  const pool = openPool(driver, address, { max: CONNECTIONS });
  const executions = await Executions.launch(database, { dbos, pool, onRecovered });
  try {
    const number = await database.write((transaction) =>
      registerWorker(transaction, executions.executor, only),
    );
    return { number, name: ownName(), executions };
  } catch (error) {
    await executions.close();
    throw error;
  }
}
