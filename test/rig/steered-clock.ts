import type { Clock } from "../../src/clock.ts";
import { monotonicClock } from "../../src/system/monotonic-clock.ts";

/** A clock that stands still until a test moves it on, for what must not depend on how fast the machine is. */
export class SteeredClock implements Clock {
  #nowMs = monotonicClock.nowMs();

  nowMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
