import { isFields } from "../json/fields.ts";
import { readJsonFile } from "../system/read-document.ts";
import type { Clock } from "../clock.ts";
import { writeWhole } from "../system/write-whole.ts";

/** How far a bot's messages have been handled. */
interface Mark {
  readonly offset: number;
  readonly atMs: number;
}

/** Telegram forgets what nobody has received after that time, and may then count from anywhere. */
const VALID_MS = 24 * 3_600_000;

/** Remembers in a file how far a bot's messages have been handled, so that the next process goes on there. */
export class ReceivedMark {
  readonly #path: string;
  readonly #clock: Clock;
  #latest: Mark | null = null;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** The number of the next update to ask for; 0 for all that there are. */
  get offset(): number {
    const mark = this.#latest ?? this.#read();
    return mark !== null && this.#clock.nowMs() - mark.atMs < VALID_MS ? mark.offset : 0;
  }

  /** Everything before this number is handled. Throws when that can't be written; this process knows it all the same. */
  moveTo(offset: number): void {
    this.#latest = { offset, atMs: this.#clock.nowMs() };
    writeWhole(this.#path, { schema: "delegate.telegram-received.v1", ...this.#latest });
  }

  #read(): Mark | null {
    const mark = readJsonFile(this.#path);
    if (!isFields(mark)) return null;
    const { offset, atMs } = mark;
    return typeof offset === "number" && typeof atMs === "number" ? { offset, atMs } : null;
  }
}
