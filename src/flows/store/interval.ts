/** Something that is due a while after it was done the last time. */
export class Interval {
  readonly #everyMs: number;
  #dueAtMs: number;

  constructor(everyMs: number, nowMs: number) {
    this.#everyMs = everyMs;
    this.#dueAtMs = nowMs + everyMs;
  }

  get dueAtMs(): number {
    return this.#dueAtMs;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#dueAtMs;
  }

  restart(nowMs: number, leastMs = 0): void {
    this.#dueAtMs = nowMs + Math.max(this.#everyMs, leastMs);
  }
}
