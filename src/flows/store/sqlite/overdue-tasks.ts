import type { EscalationRules } from "../../../questions/routing.ts";
import { waitsInLine } from "../../../questions/routing.ts";
import { numberOf, optionalNumberOf, textOf } from "../columns.ts";
import { earlier } from "../earlier.ts";
import { MOST_OVERDUE } from "../escalate-overdue.ts";
import type { OverdueTask } from "../escalate-overdue.ts";
import type { Database } from "./database.ts";

/** The steps of which the next in line is to be told by now: the index leads to them, however many wait. */
export function overdueTasks(
  database: Database,
  rules: EscalationRules,
  nowMs: number,
): readonly OverdueTask[] {
  const sql =
    "SELECT flow, key FROM task WHERE gone_to = ? AND asked_at_ms <= ? ORDER BY asked_at_ms LIMIT ?";
  return waitsInLine(rules).flatMap((waitMs, goneTo) =>
    database
      .all(sql, goneTo, nowMs - waitMs, MOST_OVERDUE)
      .map((row) => ({ flow: numberOf(row, "flow"), key: textOf(row, "key") })),
  );
}

/** When nobody is waited for any longer in the next step, or the next in line is told of one; null when there is none. */
export function nextPeopleMs(database: Database, rules: EscalationRules): number | null {
  return earlier(nextPatienceMs(database), nextEscalationMs(database, rules));
}

function nextPatienceMs(database: Database): number | null {
  const row = database.first(
    "SELECT due_at_ms FROM task WHERE status = 'waiting' AND due_at_ms IS NOT NULL ORDER BY due_at_ms LIMIT 1",
  );
  return row === null ? null : numberOf(row, "due_at_ms");
}

function nextEscalationMs(database: Database, rules: EscalationRules): number | null {
  const sql = "SELECT min(asked_at_ms) AS asked_at_ms FROM task WHERE gone_to = ?";
  return waitsInLine(rules).reduce<number | null>((next, waitMs, goneTo) => {
    const askedAtMs = optionalNumberOf(database.first(sql, goneTo), "asked_at_ms");
    return askedAtMs === null ? next : earlier(next, askedAtMs + waitMs);
  }, null);
}
