const hidden = "[hidden]";

/** A token that cannot slip into logs, JSON or messages: it prints as `[hidden]` until revealed. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The token itself; only the one line that puts it into a header may ask for it. */
  reveal(): string {
    return this.#value;
  }

  /** Removes the token from a text that somebody else wrote, such as a gateway's error. */
  redact(text: string): string {
    return this.#value === "" ? text : text.replaceAll(this.#value, hidden);
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden;
  }
}
