import { appendFileSync } from "node:fs";
import type { RunEvent, Sink } from "./event.ts";
import { makeFolder } from "../make-folder.ts";

/** Keeps the events of all runs, one file a day (UTC). A log that can't be written is told once and harms no run. */
export class LogSink implements Sink {
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  #isReady = false;
  #hasFailed = false;

  constructor(folder: string, warn: (message: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
  }

  record(event: RunEvent): void {
    if (this.#hasFailed) return;
    try {
      if (!this.#isReady) makeFolder(this.#folder);
      this.#isReady = true;
      appendFileSync(
        `${this.#folder}/${event.at.slice(0, 10)}.jsonl`,
        `${JSON.stringify(event)}\n`,
        { mode: 0o600 },
      );
    } catch (error) {
      this.#hasFailed = true;
      this.#warn(
        `the log in ${this.#folder} can't be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
