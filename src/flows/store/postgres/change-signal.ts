import { ChangeWatch } from "../../../follow/change-watch.ts";
import type { PostgresAddress } from "./database.ts";
import { Listener } from "./listener.ts";
import { loadDriver } from "./packages.ts";

/** Whoever waits looks at least so often: a notification may be lost with its connection. */
const MOST_MS = 1_000;

/** Tells when it is time to look at flow runs again. */
export class ChangeSignal {
  readonly #address: PostgresAddress;
  readonly #watch = new ChangeWatch({ leastMs: 0, mostMs: MOST_MS });
  #listener: Promise<Listener | null> | null = null;

  constructor(address: PostgresAddress) {
    this.#address = address;
  }

  /** Resolves as soon as something may have changed since the last time; the first time at once. */
  async next(signal: AbortSignal): Promise<void> {
    this.#listener ??= this.#listen();
    await this.#listener;
    await this.#watch.next(signal);
  }

  async close(): Promise<void> {
    this.#watch.close();
    await (await this.#listener)?.close();
  }

  async #listen(): Promise<Listener | null> {
    const driver = await loadDriver();
    if (!driver.ok) return null;
    const listener = new Listener(driver.value, this.#address, () => this.#watch.notice());
    await listener.open();
    return listener;
  }
}
