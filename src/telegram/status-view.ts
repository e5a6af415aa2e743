/** What one message shows while it changes, and the message that tells the end. */
export interface StatusView {
  /** Telegram's HTML as of this instant. */
  readonly textAt: (nowMs: number) => string;
  /** Whether it changes by time alone. */
  readonly isTicking: boolean;
  /** Null while there is no end. */
  readonly ending: Ending | null;
}

/** An end that is told in a message of its own. */
export interface Ending {
  /** The number of the event with which it came. */
  readonly seq: number;
  /** Telegram's HTML. */
  readonly html: () => string | Promise<string>;
}
