import { Interval } from "./interval.ts";

/** Workers that have nothing to do say at least so often that they are there. */
export const IDLE_BEAT_MS = 20_000;
const WORDS_MS = 1_000;
/** A worker that may leave and can't looks again no sooner. */
const LEAST_IDLE_MS = 250;

/** What a worker does now and then. */
export class WorkerRhythm {
  readonly #beats: Interval;
  readonly #idleBeats: Interval;
  readonly #words: Interval;
  readonly #idleness: Interval;

  constructor(beatMs: number, idleMs: number | null, nowMs: number) {
    this.#beats = new Interval(beatMs, nowMs);
    this.#idleBeats = new Interval(IDLE_BEAT_MS, nowMs);
    this.#words = new Interval(WORDS_MS, nowMs);
    this.#idleness = new Interval(idleMs ?? Number.POSITIVE_INFINITY, nowMs);
  }

  /** As long as anybody holds tasks, all workers show each other that they live, and look for it. */
  isTimeToBeat(isAnybodyAtWork: boolean, nowMs: number): boolean {
    return (isAnybodyAtWork ? this.#beats : this.#idleBeats).isDue(nowMs);
  }

  isTimeToWatchOthers(nowMs: number): boolean {
    return this.#beats.isDue(nowMs);
  }

  isTimeForWords(nowMs: number): boolean {
    return this.#words.isDue(nowMs);
  }

  /** It has had nothing to do for as long as it stays without. */
  isIdle(nowMs: number): boolean {
    return this.#idleness.isDue(nowMs);
  }

  /** A turn is over, and every turn is a sign of life. */
  restart(hasJobs: boolean, nowMs: number): void {
    this.#idleBeats.restart(nowMs);
    for (const interval of [this.#beats, this.#words])
      if (interval.isDue(nowMs)) interval.restart(nowMs);
    if (hasJobs) this.#idleness.restart(nowMs);
    else if (this.#idleness.isDue(nowMs)) this.#idleness.restart(nowMs, LEAST_IDLE_MS);
  }

  nextAtMs(isAnybodyAtWork: boolean, hasWords: boolean): number {
    return Math.min(
      (isAnybodyAtWork ? this.#beats : this.#idleBeats).dueAtMs,
      this.#idleness.dueAtMs,
      hasWords ? this.#words.dueAtMs : Number.POSITIVE_INFINITY,
    );
  }
}
