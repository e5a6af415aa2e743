import { toIso } from "../../../clock.ts";
import { numberOf, textOf } from "../columns.ts";
import { fewAtOnce } from "../few-at-once.ts";
import type { Removable } from "../few-at-once.ts";
import type { Database } from "./database.ts";
import { executionId } from "./execution.ts";

/** So many at a time, so that workers need not wait long. */
const AT_ONCE = 100;

/** The flow runs that ended before an instant, oldest end first. */
export async function endedFlows(
  database: Database,
  endedBeforeMs: number,
): Promise<readonly string[]> {
  const rows = await database.rows(
    "SELECT id FROM delegate.flow WHERE ended_at < $1 ORDER BY ended_at",
    toIso(endedBeforeMs),
  );
  return rows.map((row) => textOf(row, "id"));
}

/** Removes them; `forget` is given the ids of their executions before. The value is what was removed. */
export async function pruneFlows(
  database: Database,
  endedBeforeMs: number,
  forget: (executionIds: readonly string[]) => Promise<void>,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (;;) {
    const ids = fewAtOnce(await oldestEnded(database, endedBeforeMs));
    if (ids.length === 0) return removed;
    await forget(await executionsIn(database, ids));
    removed.push(...(await remove(database, ids, endedBeforeMs)));
  }
}

async function oldestEnded(
  database: Database,
  endedBeforeMs: number,
): Promise<readonly Removable[]> {
  const rows = await database.rows(
    `SELECT id, (SELECT count(*) FROM delegate.task WHERE task.flow = flow.number) AS tasks
     FROM delegate.flow WHERE ended_at < $1 ORDER BY ended_at LIMIT ${AT_ONCE}`,
    toIso(endedBeforeMs),
  );
  return rows.map((row) => ({ id: textOf(row, "id"), tasks: numberOf(row, "tasks") }));
}

async function executionsIn(
  database: Database,
  flowRunIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await database.rows(
    `SELECT flow.id, task.key, past.execution FROM delegate.flow JOIN delegate.task ON task.flow = flow.number
     CROSS JOIN generate_series(1, task.execution) AS past (execution) WHERE flow.id = ANY($1::text[])`,
    flowRunIds,
  );
  return rows.map((row) =>
    executionId({
      flowRunId: textOf(row, "id"),
      key: textOf(row, "key"),
      number: numberOf(row, "execution"),
    }),
  );
}

/** One that somebody has gone back in since has not ended any more. */
async function remove(
  database: Database,
  flowRunIds: readonly string[],
  endedBeforeMs: number,
): Promise<readonly string[]> {
  return database.write(async (transaction) => {
    const rows = await transaction.rows(
      "DELETE FROM delegate.flow WHERE id = ANY($1::text[]) AND ended_at < $2 RETURNING id",
      flowRunIds,
      toIso(endedBeforeMs),
    );
    return rows.map((row) => textOf(row, "id"));
  });
}
