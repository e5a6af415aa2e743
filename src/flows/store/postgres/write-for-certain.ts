import { setTimeout as sleep } from "node:timers/promises";
import { optionalTextOf } from "../columns.ts";
import type { Asked, Database, Transaction } from "./database.ts";
import { isPassing, PostgresTrouble, unheard } from "./trouble.ts";

/** Between two questions. */
const AGAIN_MS = 100;

/**
 * Writes, for whoever tells people whether it was done: when the answer to COMMIT is lost, Postgres is asked what became
 * of the transaction.
 */
export async function writeForCertain<T>(
  database: Database,
  body: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const written: { id: string | null; value: T }[] = [];
  try {
    return await database.write(async (transaction) => {
      const value = await body(transaction);
      const row = await transaction.first("SELECT pg_current_xact_id_if_assigned()::text AS id");
      written.push({ id: optionalTextOf(row, "id"), value });
      return value;
    });
  } catch (error) {
    const [asked] = written;
    if (asked === undefined || !(error instanceof PostgresTrouble)) throw error;
    // Without a number, nothing was to be written.
    if (asked.id !== null && !(await hasCommitted(database, asked.id))) throw error;
    return asked.value;
  }
}

/** Until the server has noticed that the connection is gone, the transaction may be under way. */
async function hasCommitted(database: Database, id: string): Promise<boolean> {
  const untilMs = performance.now() + database.patienceMs;
  for (;;) {
    const status = await statusOf(database, id);
    if (status !== "in progress") return status === "committed";
    if (performance.now() >= untilMs) throw unheard();
    await sleep(AGAIN_MS);
  }
}

async function statusOf(asked: Asked, id: string): Promise<string | null> {
  try {
    return optionalTextOf(
      await asked.first("SELECT pg_xact_status($1::xid8) AS status", id),
      "status",
    );
  } catch (error) {
    if (error instanceof PostgresTrouble && isPassing(error)) return "in progress";
    throw error;
  }
}
