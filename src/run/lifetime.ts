/** Work that many things go on within, and that ends once: with a value, or with what a bug has thrown. */
export class Lifetime<T> {
  readonly #ending = Promise.withResolvers<T>();
  readonly #onEnd: () => void;
  #isOver = false;

  /** The callback is called once, before anybody hears of the end. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves with the value of the end; rejects only for a bug. */
  get ended(): Promise<T> {
    return this.#ending.promise;
  }

  /** Does something now. */
  guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Lets something go on beside. */
  effect(action: () => Promise<void>): void {
    action().catch((error: unknown) => this.#fail(error));
  }

  end(value: T): void {
    this.#stop();
    this.#ending.resolve(value);
  }

  #fail(error: unknown): void {
    this.#stop();
    this.#ending.reject(error);
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
  }
}
