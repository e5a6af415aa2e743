import { closeSync, constants, openSync, readSync } from "node:fs";
import { Socket } from "node:net";
import { codeOf } from "../../thrown.ts";
import type { KeptOutput } from "./kept-output.ts";

/** More than a pipe can hold: who prints faster than it is read can't keep the reader from everything else. */
const MOST_AT_ONCE_BYTES = 4 * 1024 * 1024;

/** The reading end of a named pipe, which stays while its writers come and go. */
export class PipeReader {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #room: Uint8Array;

  /** `room` is what a piece is read into; who shares it may not read at the same time. */
  constructor(path: string, room: Uint8Array) {
    this.#path = path;
    this.#descriptor = openForReading(path);
    this.#room = room;
  }

  /** Takes all that is there. `ended` when nobody can write any more, `open` when somebody still could. */
  async drain(output: KeptOutput): Promise<"ended" | "open"> {
    for (let bytes = 0; bytes < MOST_AT_ONCE_BYTES;) {
      const length = this.#read();
      if (length === null) return "open";
      if (length === 0) return "ended";
      bytes += length;
      const taken = output.take(this.#room.subarray(0, length));
      if (taken !== null) await taken;
    }
    return "open";
  }

  /** Takes what comes, as it comes, until it is stopped. */
  follow(output: KeptOutput): PipeFollower {
    return new PipeFollower(openForReading(this.#path), output);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Null when nothing is there yet. */
  #read(): number | null {
    try {
      return readSync(this.#descriptor, this.#room);
    } catch (error) {
      if (codeOf(error) === "EAGAIN") return null;
      throw error;
    }
  }
}

/** Reads a named pipe while a longer command prints. */
class PipeFollower {
  readonly #socket: Socket;
  readonly #output: KeptOutput;
  #taking: Promise<void> = Promise.resolve();

  /** A descriptor of its own: one that has seen earlier writers leave would be told that it is over. */
  constructor(descriptor: number, output: KeptOutput) {
    this.#output = output;
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.#socket.on("error", () => undefined);
    this.#socket.on("data", this.#take);
  }

  /** Stops, with all taken that was read. What is still in the pipe stays there. */
  async stop(): Promise<void> {
    this.#socket.pause();
    // What is read from here on would be given to it as well.
    this.#socket.off("data", this.#take);
    const read: Buffer[] = [];
    for (let piece = this.#next(); piece !== null; piece = this.#next()) read.push(piece);
    this.#socket.destroy();
    await this.#taking;
    for (const piece of read) await this.#output.take(piece);
  }

  readonly #take = (piece: Buffer): void => {
    const taken = this.#output.take(piece);
    if (taken === null) return;
    this.#socket.pause();
    this.#taking = taken.then(() => void this.#socket.resume());
  };

  #next(): Buffer | null {
    const piece: unknown = this.#socket.read();
    return piece instanceof Buffer ? piece : null;
  }
}

function openForReading(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}
