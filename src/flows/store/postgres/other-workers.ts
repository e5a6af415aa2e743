import { Interval } from "../interval.ts";
import type { SeenBeats } from "../missed-beats.ts";
import { countMissed } from "../missed-beats.ts";
import { hasDied } from "../worker-life.ts";
import type { WorkerRow } from "./worker-rows.ts";

const LIFE_CHECK_MS = 1_000;
/** So many beats of one's own without one of the other: it is given up. Until DBOS hands on what it was at, a second goes by. */
const MOST_MISSED = 4;
/** One whose connection is gone as well need not be silent for as long; it may be about to come back. */
const MOST_MISSED_UNCONNECTED = 2;

/** The other workers as this one sees them, and which of them are to be given up. */
export class OtherWorkers {
  readonly #checking: Interval;
  #rows: readonly WorkerRow[] = [];
  #seen: SeenBeats = new Map();

  constructor(nowMs: number) {
    this.#checking = new Interval(LIFE_CHECK_MS, nowMs);
  }

  /** Takes what was just read; `isBeat` when this worker's own next sign of life is due. */
  see(rows: readonly WorkerRow[], isBeat: boolean): readonly number[] {
    this.#rows = rows;
    if (!isBeat) return [];
    this.#seen = countMissed(this.#seen, rows).seen;
    return this.#take((row) => this.#isSilent(row));
  }

  /** Those whose processes have ended; each is named once. */
  takeDead(nowMs: number): readonly number[] {
    if (!this.#checking.isDue(nowMs)) return [];
    this.#checking.restart(nowMs);
    return this.#take(({ identity }) => hasDied(identity));
  }

  #isSilent({ number, isConnected, isAtWork }: WorkerRow): boolean {
    const missed = this.#seen.get(number)?.missed ?? 0;
    return (
      (isAtWork && missed >= MOST_MISSED) || (!isConnected && missed >= MOST_MISSED_UNCONNECTED)
    );
  }

  #take(isMeant: (row: WorkerRow) => boolean): readonly number[] {
    const taken = this.#rows.filter(isMeant).map(({ number }) => number);
    this.#rows = this.#rows.filter(({ number }) => !taken.includes(number));
    return taken;
  }
}
