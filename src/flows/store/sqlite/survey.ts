import type { HeldTask } from "../worker-jobs.ts";
import type { Claimer } from "../take-task.ts";
import { numberOf, textOf } from "../columns.ts";
import type { Database } from "./database.ts";
import { nextPeopleMs } from "./overdue-tasks.ts";
import { findReadyTasks, placesLeft, scopeOf } from "./ready-tasks.ts";
import { earlier } from "../earlier.ts";
import type { WorkerRow } from "./worker-rows.ts";
import { versionOf } from "./open-database.ts";
import { isKnown, otherWorkers } from "./worker-rows.ts";

/** How the store stands for a worker after others have written. */
export interface Survey {
  /** The version of the file: a newer program may have brought it up to its own. */
  readonly version: number;
  /** False when the others have given it up. */
  readonly isKnown: boolean;
  readonly held: readonly HeldTask[];
  /** Whether there is something to take, as far as the limits go. */
  readonly canClaim: boolean;
  readonly nextDueAtMs: number | null;
  readonly others: readonly WorkerRow[];
  /** Whether others hold tasks. */
  readonly othersWork: boolean;
}

/** Looks without writing, so that workers do not wait for each other when there is nothing to do. */
export function survey(database: Database, claimer: Claimer, nowMs: number): Survey {
  return database.read(() => {
    const places = placesLeft(database, claimer.limits);
    const ready = findReadyTasks(database, places, claimer.only, nowMs);
    return {
      version: versionOf(database),
      isKnown: isKnown(database, claimer.worker),
      held: heldBy(database, claimer.worker),
      canClaim: ready.candidates.length > 0,
      nextDueAtMs: earlier(ready.nextDueAtMs, nextPeopleMs(database, claimer.escalation)),
      others: otherWorkers(database, claimer.worker),
      othersWork: doOthersWork(database, claimer.worker),
    };
  });
}

/** Whether the flow run has ended, or is no more. */
export function isOver(database: Database, flow: number): boolean {
  const row = database.first("SELECT end IS NOT NULL AS over FROM flow WHERE number = ?", flow);
  return row === null || numberOf(row, "over") === 1;
}

/** Whether steps may begin or are carried out, now or later, without anybody's doing. */
export function isAnythingUnderWay(database: Database, only: number | null): boolean {
  const scope = scopeOf(only);
  const ready = `SELECT 1 FROM task WHERE status = 'ready' AND ${scope} LIMIT 1`;
  const running = `SELECT 1 FROM task INDEXED BY task_running WHERE status = 'running' AND ${scope} LIMIT 1`;
  return [ready, running].some((sql) => database.first(sql, only) !== null);
}

function heldBy(database: Database, worker: number): readonly HeldTask[] {
  const sql = `SELECT flow.id, task.key, flow.cancel IS NOT NULL AS is_canceled
    FROM task JOIN flow ON flow.number = task.flow WHERE task.status = 'running' AND task.owner = ?`;
  return database.all(sql, worker).map((row) => ({
    flowRunId: textOf(row, "id"),
    key: textOf(row, "key"),
    isCanceled: numberOf(row, "is_canceled") === 1,
  }));
}

function doOthersWork(database: Database, worker: number): boolean {
  const sql = "SELECT 1 FROM task WHERE status = 'running' AND owner <> ? LIMIT 1";
  return database.first(sql, worker) !== null;
}
