import { dirname } from "node:path";
import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import { block } from "../../../system/block.ts";
import { makeFile } from "../../../system/make-file.ts";
import { makeFolder, makeIgnoredFolder } from "../../../system/make-folder.ts";
import { storageFailure } from "../../../run/stored/run-folder.ts";
import { answer, troubleOf } from "./attempt.ts";
import { Bell, bellOf } from "./bell.ts";
import { Database } from "./database.ts";
import { numberOf } from "../columns.ts";
import { APPLICATION_ID, migrations } from "./schema.ts";
import { foreignFile, isLocked, newerVersion } from "./trouble.ts";

/** Opens the file of the flows, making it or bringing it up to this version first; `busyMs` is the patience with locks. */
export function openDatabase(path: string, busyMs: number): Result<Database> {
  const bell = prepareFiles(path);
  if (!bell.ok) return bell;
  const opened = answer(path, () => new Database(path, busyMs, bell.value));
  if (!opened.ok) {
    bell.value.close();
    return opened;
  }
  const prepared = answer(path, () => prepareInTurn(path, opened.value, busyMs));
  const problem = prepared.ok ? prepared.value : prepared.failure;
  if (problem === null) return opened;
  opened.value.close();
  return failure(problem);
}

/** What its log may keep of the disk after something large was written, or somebody read for long. */
const MOST_LOG_BYTES = 8 * 1024 * 1024;

/** SQLite itself would make a file that others can read; its two companions get the same permissions as this one. */
function prepareFiles(path: string): Result<Bell> {
  try {
    makeIgnoredFolder(dirname(dirname(path)));
    makeFolder(dirname(path));
    makeFile(path);
    return success(new Bell(bellOf(path)));
  } catch (error) {
    return failure(storageFailure(path, error));
  }
}

/**
 * SQLite itself waits for others' locks, but not for one on a new file that is just being prepared: of two processes
 * that are at it, one is told at once that the other is. Then it is the other's turn.
 */
function prepareInTurn(path: string, database: Database, busyMs: number): Failure | null {
  const untilMs = performance.now() + busyMs;
  for (;;) {
    try {
      return prepareContent(path, database);
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === null || !isLocked(trouble) || performance.now() > untilMs) throw error;
      block(2);
    }
  }
}

/** Makes what a database needs to be one of ours, or says why it isn't. */
export function prepareContent(path: string, database: Database): Failure | null {
  const problem = problemOf(path, database);
  if (problem !== null) return problem;
  if (isEmpty(database)) database.execute("PRAGMA auto_vacuum = INCREMENTAL");
  // A copy that was made of it may have lost this.
  database.execute("PRAGMA journal_mode = WAL");
  database.execute("PRAGMA synchronous = FULL");
  database.execute(`PRAGMA journal_size_limit = ${MOST_LOG_BYTES}`);
  if (versionOf(database) < migrations.length) database.write(() => migrate(database));
  return problemOf(path, database);
}

/** Several processes may come here at once: one does it, the others find it done. */
function migrate(database: Database): void {
  const version = versionOf(database);
  if (version >= migrations.length) return;
  for (const migration of migrations.slice(version)) database.execute(migration);
  database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.execute(`PRAGMA user_version = ${migrations.length}`);
}

/** Why a database can't be used by this version. */
export function problemOf(path: string, database: Database): Failure | null {
  // In this order: in between, another process may have made it ours.
  if (!isEmpty(database) && !isOurs(database)) return foreignFile(path);
  const version = versionOf(database);
  return version > migrations.length ? newerVersion(path, version, migrations.length) : null;
}

/** The version of the schema in the file. */
export function versionOf(database: Database): number {
  return numberOf(database.first("PRAGMA user_version"), "user_version");
}

function isOurs(database: Database): boolean {
  return numberOf(database.first("PRAGMA application_id"), "application_id") === APPLICATION_ID;
}

function isEmpty(database: Database): boolean {
  const row = database.first("SELECT count(*) AS count FROM sqlite_schema");
  return numberOf(row, "count") === 0;
}
