import type { Claimer } from "../take-task.ts";
import type { Database } from "./database.ts";
import { Interval } from "../interval.ts";
import type { Survey } from "./survey.ts";
import { survey } from "./survey.ts";
import type { WorkerRow } from "./worker-rows.ts";
import { hasDied } from "../worker-life.ts";

/** Others may write thousands of times a second. */
const SURVEY_MS = 10;
const LIFE_CHECK_MS = 1_000;

/** What a worker knows of the store without asking it. */
export class StoreView {
  readonly #surveying: Interval;
  readonly #checking: Interval;
  #version: number | null = null;
  #others: readonly WorkerRow[] = [];
  /** Whether there may be something to take. */
  canClaim = true;
  /** Whether others hold tasks. */
  othersWork = false;
  /** When a step is due, in milliseconds since 1970, or null. */
  nextDueAtMs: number | null = null;
  /** Whether others have written what is not looked at yet. */
  isBehind = false;

  constructor(nowMs: number) {
    this.#surveying = new Interval(SURVEY_MS, nowMs - SURVEY_MS);
    this.#checking = new Interval(LIFE_CHECK_MS, nowMs - LIFE_CHECK_MS);
  }

  /** When it looks again at what others have written. */
  get dueAtMs(): number {
    return this.#surveying.dueAtMs;
  }

  /** How the store stands if others have written since, else null; that costs nothing. */
  refresh(database: Database, claimer: Claimer, nowMs: number, clockMs: number): Survey | null {
    const version = database.othersVersion;
    this.isBehind = version !== this.#version;
    if (!this.isBehind || !this.#surveying.isDue(nowMs)) return null;
    const found = survey(database, claimer, clockMs);
    this.#version = version;
    this.#surveying.restart(nowMs);
    this.isBehind = false;
    this.canClaim = found.canClaim;
    this.othersWork = found.othersWork;
    this.nextDueAtMs = found.nextDueAtMs;
    this.#others = found.others;
    return found;
  }

  /** Has it look again, whoever has written. */
  forget(): void {
    this.#version = null;
    this.isBehind = true;
  }

  /** Workers whose processes have ended; each is named once. */
  takeDead(nowMs: number): readonly number[] {
    if (!this.#checking.isDue(nowMs)) return [];
    this.#checking.restart(nowMs);
    const dead = this.#others.filter(({ identity }) => hasDied(identity));
    this.#others = this.#others.filter((worker) => !dead.includes(worker));
    return dead.map(({ number }) => number);
  }
}
