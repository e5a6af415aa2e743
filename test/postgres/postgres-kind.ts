import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { Result } from "../../src/failure.ts";
import { loadEvaluator } from "../../src/flows/expression/load-evaluator.ts";
import type { PostgresAddress } from "../../src/flows/store/postgres/database.ts";
import type { PostgresOptions } from "../../src/flows/store/postgres/postgres-store.ts";
import { openPostgresStore } from "../../src/flows/store/postgres/postgres-store.ts";
import { LOCKS, PEN_LOCK } from "../../src/flows/store/postgres/schema.ts";
import type { FlowStore } from "../../src/flows/store.ts";
import { Secret } from "../../src/secret.ts";
import { patientPace } from "../flows/conformance/pace.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import type { StoreKind } from "../flows/conformance/store-kind.ts";

/** Names the variable with the address of the server that the tests use, as its administrator. */
export const SERVER_VARIABLE = "DELEGATE_TEST_POSTGRES";

/** A database of its own for each place, on the server that `npm run test:postgres` has started. */
export const postgres: StoreKind = {
  name: "postgres",
  manyItems: 2_000,
  newPlace: async () => {
    const database = `t${randomUUID().replaceAll("-", "")}`;
    await query(addressOf("postgres"), `CREATE DATABASE ${database}`);
    return database;
  },
  open: async (database, pace) => openWith(addressOf(database), { pace }),
};

/** Opens flow runs in another way than usual. */
export function openWith(
  address: PostgresAddress,
  more: Partial<PostgresOptions> = {},
): Promise<Result<FlowStore>> {
  return openPostgresStore({
    address,
    loadEvaluator,
    agents: null,
    pace: patientPace,
    patienceMs: PATIENCE_MS,
    ...more,
  });
}

/** Where one of these databases is. */
export function addressOf(database: string): PostgresAddress {
  const server = process.env[SERVER_VARIABLE];
  if (server === undefined) throw new Error(`npm run test:postgres sets ${SERVER_VARIABLE}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return { url: new Secret(url.href), name: "the tests" };
}

/** Asks a database something that no store would. */
export async function query(
  { url }: PostgresAddress,
  sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client(url.reveal());
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

/** Keeps everybody else from writing in a database, as a process does that stands still, until it is told to let go. */
export async function holdPen(address: PostgresAddress): Promise<() => Promise<void>> {
  const client = new Client(address.url.reveal());
  await client.connect();
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${LOCKS}, ${PEN_LOCK})`);
  return () => client.end();
}
