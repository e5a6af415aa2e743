import type { Client } from "pg";
import type { PostgresAddress } from "./database.ts";
import { clientConfig } from "./database.ts";
import type { Driver } from "./packages.ts";
import { CHANNEL, WORKER_LOCKS } from "./schema.ts";

/** Between two tries to connect. */
const AGAIN_MS = 500;

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
  #worker: number | null = null;
  #isClosed = false;

  /** `notice` is called for each change, with who tells of it, and when something may have been missed. */
  constructor(driver: Driver, address: PostgresAddress, notice: (teller: string) => void) {
    this.#driver = driver;
    this.#address = address;
    this.#notice = notice;
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
      await client.query(`LISTEN ${CHANNEL}`);
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
      await this.#client?.query("SELECT pg_advisory_unlock_all()");
      await this.#lock();
    } catch {
      // The connection is broken: when it is back, it takes the lock.
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #lock(): Promise<void> {
    if (this.#worker === null) return;
    await this.#client?.query("SELECT pg_try_advisory_lock($1, $2)", [WORKER_LOCKS, this.#worker]);
  }

  #comeBack(client: Client): void {
    if (this.#isClosed || client !== this.#client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    this.#notice("");
    this.#timer = setTimeout(() => void this.open(), AGAIN_MS);
  }
}
