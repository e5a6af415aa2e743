import type { Limits } from "../../../config/flow-limits.ts";
import { Places } from "../places.ts";
import type { Row } from "../columns.ts";
import { numberOf, textOf } from "../columns.ts";
import { earlier } from "../earlier.ts";
import type { Candidate } from "../take-task.ts";
import type { Database } from "./database.ts";
import type { BudgetLane } from "../lanes.ts";
import { parseLane } from "../lanes.ts";

/** What could begin, and when more can. */
export interface ReadyTasks {
  /** The oldest first; so many of each lane as its limits have places for. */
  readonly candidates: readonly Candidate[];
  /** When the next retry is due for which there would be a place, or null. */
  readonly nextDueAtMs: number | null;
}

/** The places that are left over all workers. */
export function placesLeft(database: Database, limits: Limits): Places {
  const places = new Places(limits);
  const sql = "SELECT lane, count(*) AS count FROM task WHERE status = 'running' GROUP BY lane";
  for (const row of database.all(sql))
    places.take(parseLane(textOf(row, "lane")), numberOf(row, "count"));
  return places;
}

/** Looks only at the first tasks of each lane, however many stand in it. Of these, no more than it has places begin. */
export function findReadyTasks(
  database: Database,
  places: Places,
  only: number | null,
  nowMs: number,
): ReadyTasks {
  const found: (Candidate & Age)[] = [];
  let nextDueAtMs: number | null = null;
  if (places.leftFor({ agent: null, group: null }) === 0) return { candidates: found, nextDueAtMs };
  for (const text of lanesIn(database, only)) {
    const lane = parseLane(text);
    const left = places.leftFor(lane);
    if (left === 0) continue;
    const heads = database.all(headsOf(only), text, only, left);
    const due = database.all(dueOf(only), text, only, nowMs, left);
    found.push(...[...heads, ...due].map((row) => candidateOf(row, lane)));
    if (heads.length < left)
      nextDueAtMs = earlier(nextDueAtMs, nextDueIn(database, text, only, nowMs));
  }
  return { candidates: found.toSorted(byAge), nextDueAtMs };
}

interface Age {
  readonly dueAtMs: number;
  readonly number: number;
}

function byAge(one: Age, other: Age): number {
  return one.dueAtMs - other.dueAtMs || one.number - other.number;
}

function candidateOf(row: Row, lane: BudgetLane): Candidate & Age {
  return {
    flow: numberOf(row, "flow"),
    key: textOf(row, "key"),
    lane,
    dueAtMs: numberOf(row, "due_at_ms"),
    number: numberOf(row, "number"),
  };
}

/** Jumps from lane to lane in the index instead of reading all that stand in them. */
function lanesIn(database: Database, only: number | null): readonly string[] {
  const scope = scopeOf(only);
  const rows = database.all(
    `WITH RECURSIVE lanes (lane) AS (
       SELECT min(lane) FROM task WHERE status = 'ready' AND ${scope}
       UNION ALL
       SELECT (SELECT min(lane) FROM task WHERE status = 'ready' AND ${scope} AND lane > lanes.lane)
       FROM lanes WHERE lane IS NOT NULL
     ) SELECT lane FROM lanes WHERE lane IS NOT NULL`,
    only,
  );
  return rows.map((row) => textOf(row, "lane"));
}

function headsOf(only: number | null): string {
  return `SELECT flow, key, due_at_ms, number FROM task
    WHERE status = 'ready' AND lane = ?1 AND ${scopeOf(only, 2)} AND is_timed = 0
    ORDER BY due_at_ms, number LIMIT ?3`;
}

function dueOf(only: number | null): string {
  return `SELECT flow, key, due_at_ms, number FROM task
    WHERE status = 'ready' AND lane = ?1 AND ${scopeOf(only, 2)} AND is_timed = 1 AND due_at_ms <= ?3
    ORDER BY due_at_ms, number LIMIT ?4`;
}

function nextDueIn(
  database: Database,
  lane: string,
  only: number | null,
  nowMs: number,
): number | null {
  const row = database.first(
    `SELECT due_at_ms FROM task WHERE status = 'ready' AND lane = ?1 AND ${scopeOf(only, 2)} AND is_timed = 1 AND due_at_ms > ?3
     ORDER BY due_at_ms LIMIT 1`,
    lane,
    only,
    nowMs,
  );
  return row === null ? null : numberOf(row, "due_at_ms");
}

/**
 * What holds of the tasks of the only flow run that is meant, or of all. Both cases name the value, so that a statement
 * always takes it; the planner sees a constant otherwise.
 */
export function scopeOf(only: number | null, place = 1): string {
  return only === null ? `?${place} IS NULL` : `flow = ?${place}`;
}
