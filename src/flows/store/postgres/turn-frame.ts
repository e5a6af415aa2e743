import { isTrue, optionalNumberOf, textOf } from "../columns.ts";
import type { TaskKey } from "../../task.ts";
import type { Transaction } from "./database.ts";
import { CHANNEL } from "./schema.ts";

/** A waiting step for which nobody is waited for any longer. */
export interface ExpiredTask {
  readonly flow: number;
  readonly key: TaskKey;
}

/** Begins a worker's turn with a sign of life. The value is what is due; null when the others have given it up. */
export async function beginTurn(
  transaction: Transaction,
  worker: number,
): Promise<readonly ExpiredTask[] | null> {
  const row = await transaction.first(
    `WITH beaten AS (UPDATE delegate.worker SET beat = beat + 1 WHERE number = $1 AND NOT is_gone RETURNING number)
     SELECT EXISTS (SELECT 1 FROM beaten) AS is_known,
       (SELECT coalesce(json_agg(json_build_object('flow', flow, 'key', key)), '[]')
        FROM delegate.task WHERE status = 'waiting' AND due_at_ms <= $2) AS expired`,
    worker,
    transaction.nowMs,
  );
  const expired: readonly ExpiredTask[] = JSON.parse(textOf(row, "expired"));
  return isTrue(row, "is_known") ? expired : null;
}

/** Ends it, and lets the others know if anything has changed. The value is when something is due by itself, or null. */
export async function endTurn(
  transaction: Transaction,
  worker: number,
  hasChanged: boolean,
): Promise<number | null> {
  const row = await transaction.first(
    `SELECT (SELECT min(due_at_ms) FROM delegate.task WHERE due_at_ms > $1) AS due_at_ms,
       CASE WHEN $2 THEN pg_notify($3, $4) END`,
    transaction.nowMs,
    hasChanged,
    CHANNEL,
    String(worker),
  );
  return optionalNumberOf(row, "due_at_ms");
}
