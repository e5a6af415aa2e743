import type { Limits } from "../../../config/flow-limits.ts";
import { Places } from "../places.ts";
import type { Row } from "../columns.ts";
import { numberOf, optionalTextOf, textOf } from "../columns.ts";
import type { Held } from "../purses.ts";
import { parseLane } from "../lanes.ts";
import type { Candidate } from "../take-task.ts";
import type { Asked } from "./database.ts";
import { NOW_MS } from "./database.ts";

/** A task that may begin, and what tells its next execution from the others. */
export interface ReadyTask extends Candidate {
  /** How often it was taken up before. */
  readonly executions: number;
  /** Since when it may begin. */
  readonly dueAtMs: number;
  /** How long that is ago. */
  readonly sinceMs: number;
}

/** What is under way over all workers. */
export interface Load {
  /** The places that are left. */
  readonly places: Places;
  /** How many workers there are that take any flow run. */
  readonly workers: number;
  /** How many tasks this one holds. */
  readonly own: number;
}

export async function readLoad(asked: Asked, worker: number, limits: Limits): Promise<Load> {
  const rows = await asked.rows(
    `SELECT crew.workers, running.lane, running.count, running.own
     FROM (SELECT count(*) AS workers FROM delegate.worker WHERE only_flow IS NULL AND NOT is_gone) AS crew
     LEFT JOIN (SELECT lane, count(*) AS count, count(*) FILTER (WHERE owner = $1) AS own
       FROM delegate.task WHERE status = 'running' GROUP BY lane) AS running ON true`,
    worker,
  );
  const places = new Places(limits);
  let own = 0;
  for (const row of rows) {
    const lane = optionalTextOf(row, "lane");
    if (lane === null) continue;
    places.take(parseLane(lane), numberOf(row, "count"));
    own += numberOf(row, "own");
  }
  return { places, workers: numberOf(rows[0] ?? null, "workers"), own };
}

/** The oldest first; of each lane no more than there are places in all. */
export async function findReadyTasks(
  asked: Asked,
  places: Places,
  only: number | null,
): Promise<readonly ReadyTask[]> {
  const left = Math.min(places.leftFor({ agent: null, group: null }), MOST_OF_A_LANE);
  if (left === 0) return [];
  const rows = await asked.rows(heads, only, left);
  return rows.map(taskOf);
}

/** What the running steps of these flow runs hold of their budgets. */
export async function heldIn(
  asked: Asked,
  flows: readonly number[],
): Promise<ReadonlyMap<number, Held>> {
  if (flows.length === 0) return new Map();
  const rows = await asked.rows(
    `SELECT flow, coalesce(sum(held_cost_usd), 0) AS cost_usd, coalesce(sum(held_tokens), 0) AS tokens,
       count(held_tokens) AS running
     FROM delegate.task WHERE status = 'running' AND flow = ANY($1::bigint[]) GROUP BY flow`,
    flows,
  );
  return new Map(rows.map((row) => [numberOf(row, "flow"), heldOf(row)]));
}

/** No limit is that large. */
const MOST_OF_A_LANE = 1_000;

/** Jumps from lane to lane in the index instead of reading all that stand in them. */
const heads = `
  WITH RECURSIVE lanes (lane) AS (
    (SELECT min(lane) FROM delegate.task WHERE status = 'ready' AND ($1::bigint IS NULL OR flow = $1))
    UNION ALL
    SELECT (SELECT min(lane) FROM delegate.task
            WHERE status = 'ready' AND ($1::bigint IS NULL OR flow = $1) AND lane > lanes.lane)
    FROM lanes WHERE lane IS NOT NULL
  )
  SELECT flow, key, lane, execution, least(due_at_ms, now_ms) AS due_at_ms,
    greatest(now_ms - due_at_ms, 0) AS since_ms
  FROM (SELECT ${NOW_MS} AS now_ms) AS clock CROSS JOIN lanes CROSS JOIN LATERAL (
    (${headsWhere("NOT is_timed")}) UNION ALL (${headsWhere("is_timed AND due_at_ms <= now_ms")})
  ) AS head
  ORDER BY head.due_at_ms, number`;

function headsWhere(condition: string): string {
  return `SELECT flow, key, lane AS of_lane, execution, due_at_ms, number FROM delegate.task
    WHERE status = 'ready' AND lane = lanes.lane AND ($1::bigint IS NULL OR flow = $1) AND ${condition}
    ORDER BY due_at_ms, number LIMIT $2`;
}

function taskOf(row: Row): ReadyTask {
  return {
    flow: numberOf(row, "flow"),
    key: textOf(row, "key"),
    lane: parseLane(textOf(row, "lane")),
    executions: numberOf(row, "execution"),
    dueAtMs: numberOf(row, "due_at_ms"),
    sinceMs: numberOf(row, "since_ms"),
  };
}

function heldOf(row: Row): Held {
  return {
    held: { costUsd: numberOf(row, "cost_usd"), tokens: numberOf(row, "tokens") },
    running: numberOf(row, "running"),
  };
}
