/** Lets so many in at a time, in their order. */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves when there is a place; the value gives it back, and may be called more than once. */
  async enter(): Promise<() => void> {
    const leave = this.tryToEnter();
    if (leave !== null) return leave;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#leaveOnce();
  }

  /** The same, if there is a place right now; otherwise null. */
  tryToEnter(): (() => void) | null {
    if (this.#free === 0) return null;
    this.#free -= 1;
    return this.#leaveOnce();
  }

  #leaveOnce(): () => void {
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}
