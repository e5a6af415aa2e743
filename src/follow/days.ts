import { readdirSync } from "node:fs";
import { codeOf } from "../thrown.ts";
import { dayOfFileName } from "./day.ts";
import type { FileTrouble, LineSource } from "./line-source.ts";
import { Tail } from "./tail.ts";

/** Which daily logs to read, and from where. */
export interface DayOptions {
  readonly folder: string;
  /** The first day, 2026-11-21 for example. */
  readonly firstDay: string;
  /** Whether to read what is there, or only what comes. */
  readonly from: "start" | "end";
  readonly nowMs: () => number;
}

/** Between looks for the file of another day. */
const LOOK_INTERVAL_MS = 500;

/** What is written around midnight may still go into the file of the day before; and other writers, other clocks. */
const OPEN_AT_ONCE = 4;

/**
 * Reads the daily logs one after the other, and goes on with each new day's as it comes. The days are those of the
 * files: whoever wrote them may have had another clock.
 */
export class DayTails implements LineSource {
  readonly #options: DayOptions;
  /** Those that are open; where something was read last comes last. */
  readonly #tails: Tail[] = [];
  readonly #waiting: string[] = [];
  readonly #seen = new Set<string>();
  #from: "start" | "end";
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #trouble: FileTrouble | null = null;

  constructor(options: DayOptions) {
    this.#options = options;
    this.#from = options.from;
  }

  get trouble(): FileTrouble | null {
    return this.#tails.find(({ trouble }) => trouble !== null)?.trouble ?? this.#trouble;
  }

  read(): readonly string[] | null {
    do {
      for (const tail of this.#tails) {
        const lines = tail.read();
        if (lines === null) continue;
        this.#comesLast(tail);
        return lines;
      }
    } while (this.#openNext());
    return null;
  }

  close(): void {
    for (const tail of this.#tails.splice(0)) tail.close();
  }

  #comesLast(tail: Tail): void {
    this.#tails.splice(this.#tails.indexOf(tail), 1);
    this.#tails.push(tail);
  }

  #openNext(): boolean {
    if (this.#waiting.length === 0) this.#look();
    const day = this.#waiting.shift();
    if (day === undefined) return false;
    this.#tails.push(new Tail(`${this.#options.folder}/${day}.jsonl`, this.#from));
    while (this.#tails.length > OPEN_AT_ONCE) this.#tails.shift()?.close();
    return true;
  }

  #look(): void {
    const { folder, firstDay, nowMs } = this.#options;
    if (nowMs() - this.#lookedAtMs < LOOK_INTERVAL_MS) return;
    // Of files that come later, nothing is old.
    if (Number.isFinite(this.#lookedAtMs)) this.#from = "start";
    this.#lookedAtMs = nowMs();
    const days = this.#names(folder).flatMap((name) => dayOfFileName(name) ?? []);
    const fresh = days.filter((day) => day >= firstDay && !this.#seen.has(day)).sort();
    this.#waiting.push(...fresh);
    for (const day of fresh) this.#seen.add(day);
  }

  #names(folder: string): readonly string[] {
    try {
      const names = readdirSync(folder);
      this.#trouble = null;
      return names;
    } catch (error) {
      const isMissing = codeOf(error) === "ENOENT";
      this.#trouble = isMissing ? null : { path: folder, error };
      return [];
    }
  }
}
