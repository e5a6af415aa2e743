/** Keeps the greatest of many names that come in any order, without keeping or sorting all of them. */
export class GreatestNames {
  readonly #most: number;
  #kept: string[] = [];
  /** As many as are wanted are greater than this. */
  #floor = "";

  /** `most` is how many are wanted. */
  constructor(most: number) {
    this.#most = most;
  }

  add(name: string): void {
    if (name <= this.#floor) return;
    this.#kept.push(name);
    // Seldom, so that each name is sorted only a few times.
    if (this.#kept.length >= 2 * this.#most) this.#dropOthers();
  }

  greatestFirst(): readonly string[] {
    this.#dropOthers();
    return this.#kept.toReversed();
  }

  #dropOthers(): void {
    this.#kept.sort();
    if (this.#kept.length <= this.#most) return;
    this.#floor = this.#kept.at(-this.#most - 1) ?? "";
    this.#kept = this.#kept.slice(-this.#most);
  }
}
