import type { ClientConfig, Pool, PoolClient, PoolConfig } from "pg";
import type { Secret } from "../../../secret.ts";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Row } from "../columns.ts";
import { isTrue, numberOf } from "../columns.ts";
import { driverAddress } from "./driver-address.ts";
import type { Driver } from "./packages.ts";
import { CHANNEL, LOCKS, PEN_LOCK } from "./schema.ts";
import { PostgresTrouble } from "./trouble.ts";

/** Where a Postgres is. */
export interface PostgresAddress {
  readonly url: Secret;
  /** Where its address stands, for messages: it must not be in them itself. */
  readonly name: string;
  /** A server that says nothing for so long is as good as gone. Default 30 s. */
  readonly silentMs?: number;
}

/** What can stand in a statement's place for a value. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | readonly (string | number | boolean | null)[];

/** How long a connection may take to come about. */
const CONNECT_MS = 10_000;
export const SILENT_MS = 30_000;
/** A process that is stopped in the middle of a transaction must not hold all others up for longer. */
const FROZEN_MS = 5_000;
/** Between two looks whether a lock is free. */
const AGAIN_MS = 50;
const INT8 = 20;
const JSON_TEXT = 114;

/** Whoever can be asked. */
export type Asked = Pick<Database, "rows" | "first">;

/** A pool of connections. What Postgres can't do is thrown as `PostgresTrouble`. */
export class Database {
  readonly #pool: Pool;
  /** How long it waits for what others keep locked. */
  readonly patienceMs: number;

  constructor(driver: Driver, address: PostgresAddress, connections: number, lockMs: number) {
    const types = {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        ownParsers.get(oid) ?? driver.types.getTypeParser(oid, format),
    };
    const limits = { max: connections, lock_timeout: lockMs };
    this.patienceMs = lockMs;
    this.#pool = openPool(driver, address, { ...limits, types });
  }

  /** A statement by itself. */
  async rows(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#within((client) => rowsOf(client, sql, values));
  }

  async first(sql: string, ...values: readonly SqlValue[]): Promise<Row | null> {
    return (await this.rows(sql, ...values))[0] ?? null;
  }

  /** Everything in it happens, or nothing of it; nobody else writes meanwhile. */
  async write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#within(async (client) => {
      await rowsOf(client, "BEGIN", []);
      try {
        const [begun = null] = await rowsOf(client, TAKE_PEN, [LOCKS, PEN_LOCK]);
        const value = await body(new Transaction(client, numberOf(begun, "now_ms")));
        await rowsOf(client, "COMMIT", []);
        return value;
      } catch (error) {
        if (!(error instanceof PostgresTrouble)) await rowsOf(client, "ROLLBACK", []);
        throw error;
      }
    });
  }

  /** Does something while no other process does what has the same lock. */
  async alone<T>(lock: number, body: () => Promise<T>): Promise<T> {
    return this.#within(async (client) => {
      // Whoever waited inside a statement would keep the one who has the lock from making indexes.
      while (!(await tryToLock(client, lock))) await sleep(AGAIN_MS);
      try {
        return await body();
      } finally {
        await rowsOf(client, "SELECT pg_advisory_unlock($1, $2)", [LOCKS, lock]);
      }
    });
  }

  /** Ends all connections that are not in use, and those that are as soon as they are not. */
  async close(): Promise<void> {
    if (!this.#pool.ended && !this.#pool.ending) await this.#pool.end();
  }

  async #within<T>(body: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await troubled(() => this.#pool.connect());
    try {
      const value = await body(client);
      client.release();
      return value;
    } catch (error) {
      // Who knows what state the connection is in.
      client.release(error instanceof PostgresTrouble);
      throw error;
    }
  }
}

/** One transaction, on a connection of its own. */
export class Transaction {
  readonly #client: PoolClient;
  /** When it began to write, by the clock of Postgres. */
  readonly nowMs: number;

  constructor(client: PoolClient, nowMs: number) {
    this.#client = client;
    this.nowMs = nowMs;
  }

  async rows(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return rowsOf(this.#client, sql, values);
  }

  async first(sql: string, ...values: readonly SqlValue[]): Promise<Row | null> {
    return (await this.rows(sql, ...values))[0] ?? null;
  }

  /** Everybody hears of it when the transaction is through, and from whom. */
  async tell(teller = ""): Promise<void> {
    await this.rows("SELECT pg_notify($1, $2)", CHANNEL, teller);
  }
}

/** Connections that survive that the server goes away for a while. */
export function openPool(driver: Driver, address: PostgresAddress, more: PoolConfig): Pool {
  const pool = new driver.Pool({ ...clientConfig(address), ...more });
  // Without these, a connection that breaks while nothing is asked on it ends the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Everything that all connections have in common. */
export function clientConfig({ url, name, silentMs = SILENT_MS }: PostgresAddress): ClientConfig {
  const address = driverAddress(url.reveal(), name);
  if (!address.ok) throw new Error(address.failure.message);
  return {
    connectionString: address.value,
    connectionTimeoutMillis: CONNECT_MS,
    idle_in_transaction_session_timeout: FROZEN_MS,
    stream: () => mortalSocket(silentMs),
    keepAlive: true,
    application_name: "delegate",
  };
}

/** A way that swallows everything would otherwise be noticed after a quarter of an hour, and by one that only listens never. */
function mortalSocket(silentMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silentMs, () => {
    const silence = new Error(`nothing was heard from it for ${silentMs / 1_000} s`);
    socket.destroy(Object.assign(silence, { code: "ETIMEDOUT" }));
  });
  return socket;
}

/** Our large numbers are small enough, and JSON is read where it is known what it is. */
const ownParsers: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [INT8, Number],
  [JSON_TEXT, String],
]);

/** The clock of Postgres, in milliseconds since 1970: machines' own clocks differ. */
export const NOW_MS = "(extract(epoch FROM clock_timestamp()) * 1000)::double precision";

/** Whatever this transaction sees from then on is as the one before has left it. */
const TAKE_PEN = `SELECT pg_advisory_xact_lock($1, $2), ${NOW_MS} AS now_ms`;

async function tryToLock(client: PoolClient, lock: number): Promise<boolean> {
  const sql = "SELECT pg_try_advisory_lock($1, $2) AS has_it";
  const [row = null] = await rowsOf(client, sql, [LOCKS, lock]);
  return isTrue(row, "has_it");
}

async function rowsOf(
  client: PoolClient,
  sql: string,
  values: readonly SqlValue[],
): Promise<readonly Row[]> {
  const { rows } = await troubled(() => client.query<Row>(sql, [...values]));
  return rows;
}

/** What fails here is Postgres or the way to it. */
export async function troubled<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new PostgresTrouble(error);
  }
}
