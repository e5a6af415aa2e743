import type { Client } from "pg";
import type { PostgresAddress } from "./database.ts";
import { clientConfig, SILENT_MS } from "./database.ts";
import type { Driver } from "./packages.ts";
import { CHANNEL, WORKER_LOCKS } from "./schema.ts";

/** Between two tries to connect. */
const AGAIN_MS = 500;
/** So often it is asked something in the time after which its silence means that it is gone. */
const ASKED_WHILE_SILENT = 3;

/**
 * A connection of its own that hears of every change, and that holds the lock of a worker: the server lets go of it when
 * the process ends, however that comes about. It comes back by itself when it breaks.
 */
export class Listener {
  readonly #driver: Driver;
  readonly #address: PostgresAddress;
  readonly #notice: (teller: string) => void;
  #client: Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #asking: NodeJS.Timeout;
  #worker: number | null = null;
  /** Settles when everything is answered that it was asked. */
  #answered: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** `notice` is called for each change, with who tells of it, and when something may have been missed. */
  constructor(driver: Driver, address: PostgresAddress, notice: (teller: string) => void) {
    this.#driver = driver;
    this.#address = address;
    this.#notice = notice;
    const { silentMs = SILENT_MS } = address;
    this.#asking = setInterval(() => this.#ask(), silentMs / ASKED_WHILE_SILENT).unref();
  }

  /** Begins to listen. Resolves when it does, or when that did not come about yet. */
  async open(): Promise<void> {
    const client = new this.#driver.Client(clientConfig(this.#address));
    client.on("notification", ({ payload }) => this.#notice(payload ?? ""));
    client.on("error", () => this.#comeBack(client));
    client.on("end", () => this.#comeBack(client));
    this.#client = client;
    try {
      await client.connect();
      await this.#query(client, `LISTEN ${CHANNEL}`);
      await this.#lock();
      this.#notice("");
    } catch {
      this.#comeBack(client);
    }
  }

  /** Holds the lock of this worker from now on, or of none. */
  async hold(worker: number | null): Promise<void> {
    this.#worker = worker;
    try {
      if (this.#client !== null) await this.#query(this.#client, "SELECT pg_advisory_unlock_all()");
      await this.#lock();
    } catch {
      // The connection is broken: when it is back, it takes the lock.
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    clearInterval(this.#asking);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #lock(): Promise<void> {
    if (this.#worker === null || this.#client === null) return;
    const sql = "SELECT pg_try_advisory_lock($1, $2)";
    await this.#query(this.#client, sql, [WORKER_LOCKS, this.#worker]);
  }

  /** Whoever only listens does not notice that the way is cut. */
  #ask(): void {
    if (this.#client !== null) this.#query(this.#client, "SELECT 1").catch(() => undefined);
  }

  /** One thing at a time. */
  #query(client: Client, sql: string, values: readonly number[] = []): Promise<unknown> {
    const answer = this.#answered.then(() => client.query(sql, [...values]));
    this.#answered = answer.catch(() => undefined);
    return answer;
  }

  #comeBack(client: Client): void {
    if (this.#isClosed || client !== this.#client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    this.#notice("");
    this.#timer = setTimeout(() => void this.open(), AGAIN_MS);
  }
}
