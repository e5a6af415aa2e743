import { isTrue, optionalNumberOf, textOf } from "../columns.ts";
import type { TaskKey } from "../../task.ts";
import type { EscalationRules } from "../../../questions/routing.ts";
import { waitsInLine } from "../../../questions/routing.ts";
import { earlier } from "../earlier.ts";
import { MOST_OVERDUE } from "../escalate-overdue.ts";
import type { OverdueTask } from "../escalate-overdue.ts";
import type { PlacedClaimer } from "./claim.ts";
import type { Transaction } from "./database.ts";
import { CHANNEL } from "./schema.ts";

/** A waiting step for which nobody is waited for any longer. */
export interface ExpiredTask {
  readonly flow: number;
  readonly key: TaskKey;
}

/** The waiting steps for which it is time. */
export interface DueTasks {
  readonly expired: readonly ExpiredTask[];
  readonly overdue: readonly OverdueTask[];
}

/** Begins a worker's turn with a sign of life. The value is what is due; null when the others have given it up. */
export async function beginTurn(
  transaction: Transaction,
  worker: number,
  rules: EscalationRules,
): Promise<DueTasks | null> {
  const row = await transaction.first(
    `WITH beaten AS (UPDATE delegate.worker SET beat = beat + 1 WHERE number = $1 AND NOT is_gone RETURNING number)
     SELECT EXISTS (SELECT 1 FROM beaten) AS is_known,
       (SELECT coalesce(json_agg(json_build_object('flow', flow, 'key', key)), '[]')
        FROM delegate.task WHERE status = 'waiting' AND due_at_ms <= $2) AS expired,
       (SELECT coalesce(json_agg(json_build_object('flow', flow, 'key', key)), '[]')
        FROM unnest($3::double precision[]) WITH ORDINALITY AS line (wait_ms, place)
        CROSS JOIN LATERAL (SELECT flow, key FROM delegate.task
          WHERE gone_to = line.place - 1 AND asked_at_ms <= $2 - wait_ms ORDER BY asked_at_ms LIMIT $4) AS task) AS overdue`,
    worker,
    transaction.nowMs,
    waitsInLine(rules),
    MOST_OVERDUE,
  );
  const expired: readonly ExpiredTask[] = JSON.parse(textOf(row, "expired"));
  const overdue: readonly OverdueTask[] = JSON.parse(textOf(row, "overdue"));
  return isTrue(row, "is_known") ? { expired, overdue } : null;
}

/** Ends it, and lets the others know if anything has changed. The value is when something is due by itself, or null. */
export async function endTurn(
  transaction: Transaction,
  { worker, escalation }: Pick<PlacedClaimer, "worker" | "escalation">,
  hasChanged: boolean,
): Promise<number | null> {
  const row = await transaction.first(
    `SELECT (SELECT min(due_at_ms) FROM delegate.task WHERE due_at_ms > $1) AS due_at_ms,
       (SELECT min(asked.at_ms + wait_ms) FROM unnest($5::double precision[]) WITH ORDINALITY AS line (wait_ms, place)
        CROSS JOIN LATERAL (SELECT min(asked_at_ms) AS at_ms FROM delegate.task WHERE gone_to = line.place - 1) AS asked
       ) AS overdue_at_ms,
       CASE WHEN $2 THEN pg_notify($3, $4) END`,
    transaction.nowMs,
    hasChanged,
    CHANNEL,
    String(worker),
    waitsInLine(escalation),
  );
  return earlier(optionalNumberOf(row, "due_at_ms"), optionalNumberOf(row, "overdue_at_ms"));
}
