import type { ProcessIdentity } from "../../../run/stored/request.ts";
import type { Row } from "../columns.ts";
import { numberOf, textOf } from "../columns.ts";
import { hasDied, ownIdentity } from "../worker-life.ts";
import type { Asked, Transaction } from "./database.ts";
import { WORKER_LOCKS } from "./schema.ts";

/** A worker as all processes know it. */
export interface WorkerRow {
  readonly number: number;
  readonly identity: ProcessIdentity;
  /** Counts its signs of life. */
  readonly beat: number;
  /** Whether its connection to Postgres is there. */
  readonly isConnected: boolean;
  /** Whether it holds tasks. */
  readonly isAtWork: boolean;
}

/** A worker that does not count any more, and how DBOS knows it. */
export interface GoneWorker {
  readonly number: number;
  readonly executor: string;
}

/** Makes this process known as a worker; its number is never given again. */
export async function registerWorker(
  transaction: Transaction,
  executor: string,
  only: string | null,
): Promise<number> {
  const { host, pid, startTicks } = ownIdentity();
  const row = await transaction.first(
    `INSERT INTO delegate.worker (executor, host, pid, start_ticks, only_flow)
     VALUES ($1, $2, $3, $4, $5) RETURNING number`,
    executor,
    host,
    pid,
    startTicks,
    only,
  );
  return numberOf(row, "number");
}

/** From now on these count no more. */
export async function giveUp(transaction: Transaction, workers: readonly number[]): Promise<void> {
  if (workers.length === 0) return;
  const sql = "UPDATE delegate.worker SET is_gone = true WHERE number = ANY($1::bigint[])";
  await transaction.rows(sql, workers);
}

/** Removes a worker that is gone, if all that it was at is in other hands. */
export async function removeWorker(asked: Asked, worker: number): Promise<void> {
  await asked.rows(
    `DELETE FROM delegate.worker WHERE number = $1 AND is_gone AND NOT EXISTS
       (SELECT 1 FROM delegate.task WHERE status = 'running' AND owner = $1)`,
    worker,
  );
}

/** Whether a worker is alive that takes any flow run, or this one. */
export async function isWorkerAlive(asked: Asked, flowRunId: string | null): Promise<boolean> {
  const wanted = workersWhere("(only_flow IS NULL OR only_flow = $1) AND NOT is_gone");
  const row = await asked.first(`SELECT ${wanted} AS others`, flowRunId);
  return otherWorkersOf(row).some(({ isConnected, identity }) => isConnected && !hasDied(identity));
}

/** The workers that count besides the one with the number $1, as `otherWorkersOf` reads them. */
export const OTHER_WORKERS = workersWhere("NOT is_gone AND number <> $1");

/** Those that do not count any more and are not yet removed, as `goneWorkersOf` reads them. */
export const GONE_WORKERS = `(SELECT coalesce(json_agg(json_build_object(
  'number', number, 'executor', executor)), '[]') FROM delegate.worker WHERE is_gone)`;

export function otherWorkersOf(row: Row | null): readonly WorkerRow[] {
  const workers: readonly WorkerRow[] = JSON.parse(textOf(row, "others"));
  return workers;
}

export function goneWorkersOf(row: Row | null): readonly GoneWorker[] {
  const workers: readonly GoneWorker[] = JSON.parse(textOf(row, "gone"));
  return workers;
}

function workersWhere(condition: string): string {
  return `(SELECT coalesce(json_agg(json_build_object('number', number,
    'identity', json_build_object('host', host, 'pid', pid, 'startTicks', start_ticks), 'beat', beat,
    'isConnected', EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid = ${WORKER_LOCKS} AND objid = worker.number),
    'isAtWork', EXISTS (SELECT 1 FROM delegate.task WHERE status = 'running' AND owner = worker.number)
  )), '[]') FROM delegate.worker WHERE ${condition})`;
}
