/** What is sent to a gateway in an attempt, as it was written while the run was planned. */
export interface DraftText {
  readonly message: string;
  /** The body of the request that waits for nothing. */
  readonly body: string;
}

/** Hands out the text of a run's first attempt once: it must not be kept for as long as the run waits. */
export class Draft {
  #text: DraftText | null;

  constructor(text: DraftText) {
    this.#text = text;
  }

  /** The text, or null when it is gone already. */
  take(): DraftText | null {
    const text = this.#text;
    this.#text = null;
    return text;
  }
}
