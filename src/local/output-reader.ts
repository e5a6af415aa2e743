import type { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { pauseAwake } from "../system/awake-pause.ts";

/** How long output may still come from processes that outlive the command's own. */
export const OUTPUT_AFTER_EXIT_MS = 500;

/** More than a command that has ended can have left unread: that is what the system keeps for a reader. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

/** Takes the next piece; where it answers with a promise, no other one before that is settled. */
type Take = (piece: Buffer) => Promise<void> | null;

/** Reads what a command prints on one stream. */
export class OutputReader {
  readonly #stream: Readable;
  readonly #take: Take;
  readonly #over = Promise.withResolvers<void>();
  #bytes = 0;
  #taking: Promise<void> | null = null;

  constructor(stream: Readable, take: Take) {
    this.#stream = stream;
    this.#take = take;
    stream.on("error", () => undefined);
    stream.once("close", () => this.#over.resolve());
    // Not "data": Node lets a stream that was paused flow again at the command's end.
    stream.on("readable", () => this.#takeAll());
  }

  /** Settles when nobody can print any more, and all is taken. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Takes what has been printed up to now. */
  async takeRest(): Promise<void> {
    const most = this.#bytes + MOST_UNREAD_BYTES;
    let before: number;
    do {
      while (this.#taking !== null) await this.#taking;
      before = this.#bytes;
      // What is there is read between two turns: the first may be over before that.
      await nextTurn();
      await nextTurn();
    } while (this.#bytes > before && this.#bytes < most);
  }

  /** Reads no more. */
  async close(): Promise<void> {
    this.#stream.destroy();
    while (this.#taking !== null) await this.#taking;
  }

  #takeAll(): void {
    while (this.#taking === null) {
      const piece: unknown = this.#stream.read();
      if (!(piece instanceof Buffer)) return;
      this.#bytes += piece.length;
      const taken = this.#take(piece);
      if (taken !== null) this.#taking = this.#goOnAfter(taken);
    }
  }

  async #goOnAfter(taken: Promise<void>): Promise<void> {
    await taken;
    this.#taking = null;
    this.#takeAll();
  }
}

/**
 * Reads to the end what a command has printed that has ended. Processes that outlive it may hold its streams open: they
 * are not waited for long, but what the command itself has printed is taken, however late we come to read it.
 */
export async function readToEnd(readers: readonly OutputReader[]): Promise<void> {
  const patience = new AbortController();
  const isOver = await Promise.race([
    Promise.all(readers.map((reader) => reader.over)).then(() => true),
    pauseAwake(OUTPUT_AFTER_EXIT_MS, patience).then(() => false),
  ]);
  patience.abort();
  if (!isOver) await Promise.all(readers.map((reader) => reader.takeRest()));
  await Promise.all(readers.map((reader) => reader.close()));
}
