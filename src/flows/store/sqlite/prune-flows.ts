import { setTimeout as sleep } from "node:timers/promises";
import { toIso } from "../../../clock.ts";
import { numberOf, textOf } from "../columns.ts";
import type { Row } from "../columns.ts";
import { fewAtOnce } from "../few-at-once.ts";
import type { Removable } from "../few-at-once.ts";
import type { Database } from "./database.ts";

/** So many at a time, so that workers need not wait long for the file. */
const AT_ONCE = 100;
const PAUSE_MS = 2;
const PAGES_AT_ONCE = 1_000;

/** Removes the flow runs that ended before an instant, oldest end first; the value is their ids. */
export async function pruneFlows(
  database: Database,
  endedBeforeMs: number,
  isDryRun: boolean,
): Promise<readonly string[]> {
  const before = toIso(endedBeforeMs);
  if (isDryRun)
    return database
      .all("SELECT id FROM flow WHERE ended_at < ? ORDER BY ended_at", before)
      .map((row) => textOf(row, "id"));
  const removed: string[] = [];
  for (;;) {
    const ids = removeSome(database, before);
    removed.push(...ids);
    if (ids.length === 0) break;
    await sleep(PAUSE_MS);
  }
  if (removed.length > 0) giveBackSpace(database);
  return removed;
}

function removeSome(database: Database, before: string): readonly string[] {
  return database.write(() => {
    const ended = database.all(
      `SELECT id, (SELECT count(*) FROM task WHERE task.flow = flow.number) AS tasks
       FROM flow WHERE ended_at < ? ORDER BY ended_at LIMIT ${AT_ONCE}`,
      before,
    );
    const ids = fewAtOnce(ended.map(removableOf));
    for (const id of ids) database.run("DELETE FROM flow WHERE id = ?", id);
    return ids;
  });
}

function removableOf(row: Row): Removable {
  return { id: textOf(row, "id"), tasks: numberOf(row, "tasks") };
}

/** What is free in the file, to the disk. */
function giveBackSpace(database: Database): void {
  for (;;) {
    const before = freePages(database);
    if (before === 0) return;
    database.execute(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
    if (freePages(database) === before) return;
  }
}

function freePages(database: Database): number {
  return Number(database.first("PRAGMA freelist_count")?.["freelist_count"] ?? 0);
}
