import type { ProcessIdentity } from "../../../run/stored/request.ts";
import { IDLE_BEAT_MS } from "../worker-rhythm.ts";
import { numberOf, optionalTextOf, textOf } from "../columns.ts";
import type { Row } from "../columns.ts";
import { hasDied, isOfHere, ownIdentity } from "../worker-life.ts";
import type { Database } from "./database.ts";

/** A worker as all processes of a store know it. */
export interface WorkerRow {
  readonly number: number;
  readonly identity: ProcessIdentity;
  /** Counts its signs of life. */
  readonly beat: number;
  readonly beatAtMs: number;
}

/** A worker elsewhere that says nothing for so long is not there. */
const SILENT_MS = 3 * IDLE_BEAT_MS;

/** After so long, a worker that holds nothing is not kept any more; if it is there after all, it starts over. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1_000;

/** Makes this process known as a worker; its number is never given again. */
export function registerWorker(database: Database, only: string | null, nowMs: number): number {
  forgetOld(database, nowMs - FORGOTTEN_MS);
  const { host, pid, startTicks } = ownIdentity();
  const row = database.first(
    "INSERT INTO worker (host, pid, start_ticks, only_flow, beat_at_ms) VALUES (?, ?, ?, ?, ?) RETURNING number",
    host,
    pid,
    startTicks,
    only,
    nowMs,
  );
  return numberOf(row, "number");
}

/** Workers of containers that are gone: nobody else can tell that they have died. */
function forgetOld(database: Database, silentSinceMs: number): void {
  database.run(
    `DELETE FROM worker WHERE beat_at_ms < ? AND NOT EXISTS
       (SELECT 1 FROM task WHERE status = 'running' AND owner = worker.number)`,
    silentSinceMs,
  );
}

/** A sign of life; false when the others have given this worker up. */
export function beat(database: Database, worker: number, nowMs: number): boolean {
  const sql = "UPDATE worker SET beat = beat + 1, beat_at_ms = ? WHERE number = ?";
  return database.run(sql, nowMs, worker) === 1;
}

/** Whether the others still count on this worker. */
export function isKnown(database: Database, worker: number): boolean {
  return database.first("SELECT 1 FROM worker WHERE number = ?", worker) !== null;
}

/** Its tasks are nobody's then. */
export function removeWorker(database: Database, worker: number): void {
  database.run("DELETE FROM worker WHERE number = ?", worker);
}

/** All others, at work or not. */
export function otherWorkers(database: Database, worker: number): readonly WorkerRow[] {
  return database.all("SELECT * FROM worker WHERE number <> ?", worker).map(workerOf);
}

/** Those that hold tasks now. */
export function otherWorkersAtWork(database: Database, worker: number): readonly WorkerRow[] {
  const sql = `SELECT * FROM worker WHERE number IN
    (SELECT owner FROM task WHERE status = 'running' AND owner <> ?)`;
  return database.all(sql, worker).map(workerOf);
}

/** Whether a worker is alive that takes any flow run, or this one. */
export function isWorkerAlive(
  database: Database,
  flowRunId: string | null,
  nowMs: number,
): boolean {
  return database
    .all("SELECT * FROM worker WHERE only_flow IS NULL OR only_flow = ?", flowRunId)
    .map(workerOf)
    .some(({ identity, beatAtMs }) =>
      isOfHere(identity) ? !hasDied(identity) : nowMs - beatAtMs < SILENT_MS,
    );
}

function workerOf(row: Row): WorkerRow {
  return {
    number: numberOf(row, "number"),
    identity: {
      host: textOf(row, "host"),
      pid: numberOf(row, "pid"),
      startTicks: optionalTextOf(row, "start_ticks"),
    },
    beat: numberOf(row, "beat"),
    beatAtMs: numberOf(row, "beat_at_ms"),
  };
}
