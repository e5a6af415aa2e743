import { fstatSync, writeSync } from "node:fs";
import type { Environment } from "../../environment.ts";
import { block } from "../../system/block.ts";
import { codeOf } from "../../thrown.ts";

/** One of the process's two output streams. */
export interface Writer {
  /** Whether a person reads it on a terminal. */
  readonly isTerminal: boolean;
  /** Why something that was written is lost, as on a full disk; null also when its reader just went away. */
  readonly loss: string | null;
  /** Whether nobody reads it any more, as far as writing has shown. */
  readonly isAbandoned: boolean;
  readonly write: (text: string) => void;
}

/** Whether somebody reads it on a terminal on which lines can be drawn again. */
export function canRedraw(writer: Writer, env: Environment): boolean {
  return writer.isTerminal && env["TERM"] !== "dumb";
}

/** Writes to a file descriptor at once; a reader that went away is nobody's fault and not an error. */
export function openWriter(fd: 1 | 2): Writer {
  let isAbandoned = false;
  let loss: string | null = null;
  return {
    get isTerminal() {
      return isTerminal(fd);
    },
    get isAbandoned() {
      return isAbandoned;
    },
    get loss() {
      return loss;
    },
    write: (text) => {
      const code = writeAll(fd, Buffer.from(text));
      if (code !== null) isAbandoned = true;
      if (code !== null && !readerLeft.has(code)) loss = code;
    },
  };
}

/** What a write fails with when nobody wants to read it any more. */
const readerLeft: ReadonlySet<string> = new Set(["EPIPE", "EBADF", "ECONNRESET"]);

/** Only a character device can be a terminal; asking that first spares the tty module in pipelines. */
function isTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && isATty(fd);
  } catch {
    return false;
  }
}

function isATty(fd: number): boolean {
  return process.getBuiltinModule("node:tty").isatty(fd);
}

/** Writes all of it, or tells the system's code for why that can't be done. */
function writeAll(fd: number, bytes: Buffer): string | null {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      const code = codeOf(error) ?? "unknown error";
      if (code !== "EAGAIN") return code;
      // A full pipe: its reader needs a moment, and nothing else is left to do here.
      block(1);
    }
  }
  return null;
}
