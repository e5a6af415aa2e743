import { closeSync, constants, openSync, writeSync } from "node:fs";

/**
 * A file beside the database that is written to after every commit, and watched. The database's own files won't do:
 * they change a moment before what was written can be seen.
 */
export class Bell {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  ring(): void {
    try {
      writeSync(this.#file, "!", 0);
    } catch {
      // Whoever is not woken looks once in a second.
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Where the bell of a database is. */
export function bellOf(path: string): string {
  return `${path}-bell`;
}
