import type { HeldTask } from "../worker-jobs.ts";
import { isTrue, numberOf, textOf } from "../columns.ts";
import type { PlacedClaimer } from "./claim.ts";
import { canClaim } from "./claim.ts";
import type { Asked } from "./database.ts";
import type { GoneWorker, WorkerRow } from "./worker-rows.ts";
import { goneWorkersOf, GONE_WORKERS, OTHER_WORKERS, otherWorkersOf } from "./worker-rows.ts";

/** How things stand for a worker after others have written. */
export interface Survey {
  /** The version of the tables: a newer program may have brought them up to its own. */
  readonly version: number;
  /** False when the others have given it up. */
  readonly isKnown: boolean;
  readonly held: readonly HeldTask[];
  /** Whether there is something to take, as far as the limits go. */
  readonly canClaim: boolean;
  readonly others: readonly WorkerRow[];
  /** Whether others hold tasks. */
  readonly othersWork: boolean;
  readonly gone: readonly GoneWorker[];
  /** Whether the only flow run that it is for has ended, or is no more. */
  readonly isOver: boolean;
}

/** Looks without writing, so that workers do not wait for each other when there is nothing to do. */
export async function survey(asked: Asked, claimer: PlacedClaimer): Promise<Survey> {
  const row = await asked.first(STANDING, claimer.worker, claimer.only);
  const held: readonly HeldTask[] = JSON.parse(textOf(row, "held"));
  return {
    version: numberOf(row, "version"),
    isKnown: isTrue(row, "is_known"),
    othersWork: isTrue(row, "others_work"),
    isOver: isTrue(row, "is_over"),
    held,
    others: otherWorkersOf(row),
    gone: goneWorkersOf(row),
    canClaim: await canClaim(asked, claimer),
  };
}

/** Whether steps may begin or are carried out, now or later, without anybody's doing. */
export async function isAnythingUnderWay(asked: Asked, only: number | null): Promise<boolean> {
  const row = await asked.first(
    `SELECT EXISTS (SELECT 1 FROM delegate.task WHERE status = 'ready' AND ($1::bigint IS NULL OR flow = $1))
       OR EXISTS (SELECT 1 FROM delegate.task WHERE status = 'running' AND ($1::bigint IS NULL OR flow = $1)) AS is_so`,
    only,
  );
  return isTrue(row, "is_so");
}

/** Of the worker $1 that is for the flow run $2 only, or for any. */
const STANDING = `
  SELECT (SELECT version FROM delegate.version) AS version,
    EXISTS (SELECT 1 FROM delegate.worker WHERE number = $1 AND NOT is_gone) AS is_known,
    EXISTS (SELECT 1 FROM delegate.task WHERE status = 'running' AND owner <> $1) AS others_work,
    $2::bigint IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM delegate.flow WHERE number = $2 AND ending IS NULL) AS is_over,
    (SELECT coalesce(json_agg(json_build_object(
        'flowRunId', flow.id, 'key', task.key, 'isCanceled', flow.cancel IS NOT NULL)), '[]')
      FROM delegate.task JOIN delegate.flow ON flow.number = task.flow
      WHERE task.status = 'running' AND task.owner = $1) AS held,
    ${OTHER_WORKERS} AS others, ${GONE_WORKERS} AS gone`;
