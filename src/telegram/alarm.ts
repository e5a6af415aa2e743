import { LONGEST_TIMER_MS } from "../clock.ts";

/** A sleep that can be ended from outside; waking somebody who is awake makes the next sleep short. */
export class Alarm {
  #wake: (() => void) | null = null;
  #isRung = false;

  /** Sleeps so long, for ever when null, or until rung; holds no process. */
  async sleep(ms: number | null): Promise<void> {
    if (!this.#isRung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer =
        ms === null ? null : setTimeout(resolve, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
      timer?.unref();
      this.#wake = resolve;
      await promise;
      this.#wake = null;
      if (timer !== null) clearTimeout(timer);
    }
    this.#isRung = false;
  }

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }
}
