import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import { storageFailure } from "../../../run/stored/run-folder.ts";
import { answer } from "./attempt.ts";
import { Database } from "./database.ts";
import { openDatabase, prepareContent, problemOf, versionOf } from "./open-database.ts";
import { migrations } from "./schema.ts";
import { logUnread, olderVersion } from "./trouble.ts";

/**
 * Opens the file of the flows for somebody who only reads: where it can't be written, too. A file that is not there is
 * made only for somebody who stays to see what comes (`mayMake`); otherwise there is simply nothing to see.
 */
export function openToLook(path: string, busyMs: number, mayMake: boolean): Result<Database> {
  const isThere = looksThere(path);
  if (!isThere.ok) return isThere;
  if (!isThere.value && !mayMake) return openEmpty(path);
  const usual = openDatabase(path, busyMs);
  if (usual.ok) return usual;
  return isThere.value ? openReadOnly(path, busyMs) : openEmpty(path);
}

/** A folder that nobody may look into is another thing than one with nothing in it. */
function looksThere(path: string): Result<boolean> {
  try {
    return success(sizeOf(path) !== null);
  } catch (error) {
    return failure(storageFailure(path, error));
  }
}

function openEmpty(path: string): Result<Database> {
  return opened(path, () => new Database(":memory:", 0, null), prepareContent);
}

function openReadOnly(path: string, busyMs: number): Result<Database> {
  const read = (place: string | URL): Result<Database> =>
    opened(path, () => new Database(place, busyMs, null, true), unreadable);
  // The file through which SQLite's readers and writers agree: it can be read, and can't be made here.
  if (sizeOf(`${path}-shm`) !== null) return read(path);
  if ((sizeOf(`${path}-wal`) ?? 0) > 0) return failure(logUnread(path));
  // Nobody has the file open who could change it.
  const place = pathToFileURL(path);
  place.searchParams.set("immutable", "1");
  return read(place);
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

function unreadable(path: string, database: Database): Failure | null {
  const problem = problemOf(path, database);
  if (problem !== null) return problem;
  const version = versionOf(database);
  return version < migrations.length ? olderVersion(path, version, migrations.length) : null;
}

/** A database without a problem; one with a problem is closed again. */
function opened(
  path: string,
  open: () => Database,
  findProblem: (path: string, database: Database) => Failure | null,
): Result<Database> {
  const database = answer(path, open);
  if (!database.ok) return database;
  const found = answer(path, () => findProblem(path, database.value));
  const problem = found.ok ? found.value : found.failure;
  if (problem === null) return database;
  database.value.close();
  return failure(problem);
}
