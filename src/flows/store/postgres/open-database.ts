import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";
import { answer } from "./attempt.ts";
import { isTrue, numberOf } from "../columns.ts";
import type { Asked, PostgresAddress, Transaction } from "./database.ts";
import { Database } from "./database.ts";
import { driverAddress } from "./driver-address.ts";
import { loadDriver } from "./packages.ts";
import { migrations, SCHEMA } from "./schema.ts";
import { newerVersion } from "./trouble.ts";

/** How a process uses Postgres. */
export interface DatabaseOptions {
  readonly address: PostgresAddress;
  /** At most so many at a time. */
  readonly connections: number;
  /** The patience with what others keep locked. */
  readonly lockMs: number;
}

/** Opens the tables of the flow runs, making them or bringing them up to this version first. */
export async function openDatabase(options: DatabaseOptions): Promise<Result<Database>> {
  const { address, connections, lockMs } = options;
  const readable = driverAddress(address.url.reveal(), address.name);
  if (!readable.ok) return readable;
  const driver = await loadDriver();
  if (!driver.ok) return driver;
  const database = new Database(driver.value, address, connections, lockMs);
  const prepared = await answer(address.name, () => prepare(database, address.name));
  const problem = prepared.ok ? prepared.value : prepared.failure;
  if (problem === null) return success(database);
  await database.close();
  return failure(problem);
}

/** The version of the tables, or 0 when there are none. */
async function versionOf(asked: Asked): Promise<number> {
  // Not by `to_regclass`: that may still see what was before another process made them.
  const found = await asked.first(
    `SELECT EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE nspname = $1 AND relname = 'version') AS is_there`,
    SCHEMA,
  );
  if (!isTrue(found, "is_there")) return 0;
  return numberOf(await asked.first(`SELECT version FROM ${SCHEMA}.version`), "version");
}

async function prepare(database: Database, name: string): Promise<Failure | null> {
  if ((await versionOf(database)) < migrations.length) await database.write(migrate);
  const version = await versionOf(database);
  return version > migrations.length ? newerVersion(name, version, migrations.length) : null;
}

/** Several processes may come here at once: one does it, the others find it done. */
async function migrate(transaction: Transaction): Promise<void> {
  const version = await versionOf(transaction);
  if (version === 0) {
    await transaction.rows(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    await transaction.rows(`CREATE TABLE ${SCHEMA}.version (version integer NOT NULL)`);
    await transaction.rows(`INSERT INTO ${SCHEMA}.version VALUES (0)`);
  }
  for (const migration of migrations.slice(version)) await transaction.rows(migration);
  await transaction.rows(`UPDATE ${SCHEMA}.version SET version = $1`, migrations.length);
}
