import { LONGEST_TIMER_MS } from "../clock.ts";

/** Rings once, at the instant that was set last; early when that is too far away for the system's timers. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Milliseconds from now; null sets it off. */
  set(delayMs: number | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const ms =
      delayMs === null ? null : Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_TIMER_MS);
    this.#timer = ms === null ? null : setTimeout(this.#ring, ms);
  }
}

/** Ticks evenly for as long as it is wanted. */
export class Ticker {
  readonly #intervalMs: number;
  readonly #tick: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(intervalMs: number, tick: () => void) {
    this.#intervalMs = intervalMs;
    this.#tick = tick;
  }

  /** Whether it is to tick from now on. */
  run(isWanted: boolean): void {
    if (isWanted) this.#timer ??= setInterval(this.#tick, this.#intervalMs);
    else if (this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }
}
