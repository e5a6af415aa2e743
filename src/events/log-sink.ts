import { appendFileSync } from "node:fs";
import { makeIgnoredFolder } from "../system/make-folder.ts";
import { messageOf } from "../thrown.ts";
import type { RunEvent, Sink } from "./event.ts";

/**
 * Keeps the events of all runs, one file a day (UTC). What happens at once is written at once, when there is time. A log
 * that can't be written is told once and harms no run.
 */
export class LogSink implements Sink {
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  #day = "";
  #lines = "";
  #isReady = false;
  #hasFailed = false;

  constructor(folder: string, warn: (message: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
  }

  record(event: RunEvent): void {
    const day = event.at.slice(0, 10);
    if (day !== this.#day) this.flush();
    if (this.#lines === "") setImmediate(() => this.flush());
    this.#day = day;
    this.#lines += `${JSON.stringify(event)}\n`;
  }

  flush(): void {
    const lines = this.#lines;
    this.#lines = "";
    if (lines === "" || this.#hasFailed) return;
    try {
      if (!this.#isReady) makeIgnoredFolder(this.#folder);
      this.#isReady = true;
      appendFileSync(`${this.#folder}/${this.#day}.jsonl`, lines, { mode: 0o600 });
    } catch (error) {
      this.#hasFailed = true;
      const reason = messageOf(error);
      this.#warn(`the log in ${this.#folder} can't be written: ${reason}`);
    }
  }
}
