import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { codeOf } from "../thrown.ts";
import { LineSplitter } from "./lines.ts";
import type { FileTrouble, LineSource } from "./line-source.ts";

const CHUNK_BYTES = 256 * 1024;

/** One buffer does for all files: reading is synchronous, and what is kept of a chunk is copied. */
const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);

/**
 * Reads a growing file from where it was. One that is not there yet is waited for; one that was deleted is read to its
 * end, for its writer may still have it open, until another takes its place; one that was cut is read from its start.
 */
export class Tail implements LineSource {
  readonly path: string;
  readonly #splitter = new LineSplitter();
  #fd: number | null = null;
  #offset = 0;
  #skipsWhatIsThere: boolean;
  #triedRestAt = -1;
  #trouble: FileTrouble | null = null;

  constructor(path: string, from: "start" | "end" = "start") {
    this.path = path;
    this.#skipsWhatIsThere = from === "end";
  }

  get trouble(): FileTrouble | null {
    return this.#trouble;
  }

  read(): readonly string[] | null {
    try {
      const lines = this.#read();
      this.#trouble = null;
      return lines;
    } catch (error) {
      this.#trouble = { path: this.path, error };
      return null;
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #read(): readonly string[] | null {
    for (;;) {
      const fd = (this.#fd ??= this.#open());
      if (fd === null) return null;
      const bytes = this.#readChunk(fd);
      if (bytes > 0) {
        const lines = this.#splitter.push(chunk.subarray(0, bytes));
        if (lines.length > 0) return lines;
      } else {
        const rest = this.#takeRest();
        if (rest !== null) return [rest];
        if (!this.#isReplaced(fd)) return null;
        this.close();
      }
    }
  }

  #open(): number | null {
    // A FIFO would be waited for when opened without this.
    const fd = openIfThere(this.path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (fd === null) {
      this.#skipsWhatIsThere = false;
      return null;
    }
    const stats = fstatSync(fd);
    if (!stats.isFile()) {
      closeSync(fd);
      throw new Error("it is not a regular file");
    }
    this.#offset = this.#skipsWhatIsThere ? stats.size : 0;
    this.#skipsWhatIsThere = false;
    this.#splitter.reset();
    this.#triedRestAt = -1;
    return fd;
  }

  #readChunk(fd: number): number {
    const bytes = readSync(fd, chunk, 0, CHUNK_BYTES, this.#offset);
    this.#offset += bytes;
    if (bytes > 0 || fstatSync(fd).size >= this.#offset) return bytes;
    this.#offset = 0;
    this.#splitter.reset();
    return this.#readChunk(fd);
  }

  /** A last line that only lacks its line break; each is tried once. */
  #takeRest(): string | null {
    if (this.#triedRestAt === this.#offset) return null;
    this.#triedRestAt = this.#offset;
    return this.#splitter.takeWhole();
  }

  /** The file that is open keeps its inode, so that no other file can have the same. */
  #isReplaced(fd: number): boolean {
    const there = statSync(this.path, { throwIfNoEntry: false });
    return there !== undefined && !isSameFile(there, fstatSync(fd));
  }
}

function openIfThere(path: string, flags: number): number | null {
  try {
    return openSync(path, flags);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function isSameFile(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}
