import { codeOf } from "../thrown.ts";
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import type { Stats } from "node:fs";
import { MAX_HANDOFF_BYTES } from "./document.ts";

/** What lies where a handoff is expected. */
export type FileReading =
  | { readonly kind: "absent" }
  | {
      readonly kind: "refused";
      readonly reason: string;
      /** Whether it may be only for now that the file can't be read. */
      readonly mayPass: boolean;
      readonly stamp: string;
    }
  | { readonly kind: "read"; readonly bytes: Uint8Array; readonly stamp: string };

/** Reads a handoff file, a regular one and not too large; never follows a link and never waits for a writer. */
export function readHandoffFile(path: string, maxBytes = MAX_HANDOFF_BYTES): FileReading {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { kind: "absent" };
    // Looked at before it is opened, since opening a FIFO or a device already does something to it.
    return refuse(found, maxBytes) ?? readRegular(path, maxBytes);
  } catch (error) {
    return explain(error);
  }
}

/** What changes when a file is written or replaced; null when there is none. */
export function stampOf(path: string): string | null {
  const stats = statsOf(path);
  return stats === null ? null : stamp(stats);
}

/** Whether there still is something at this path; trouble with looking says nothing. */
export function isGone(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function statsOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function stamp({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}

/** Windows knows neither flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function readRegular(path: string, maxBytes: number): FileReading {
  const file = openSync(path, OPEN_FLAGS);
  try {
    const stats = fstatSync(file);
    return (
      refuse(stats, maxBytes) ?? {
        kind: "read",
        bytes: readUpTo(file, stats.size),
        stamp: stamp(stats),
      }
    );
  } finally {
    closeSync(file);
  }
}

/** Fewer bytes than announced come when the file is cut short meanwhile. */
function readUpTo(file: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const count = readSync(file, bytes, length, size - length, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function refuse(stats: Stats, maxBytes: number): FileReading | null {
  const reason = whyNot(stats, maxBytes);
  return reason === null ? null : { kind: "refused", reason, mayPass: false, stamp: stamp(stats) };
}

function whyNot(stats: Stats, maxBytes: number): string | null {
  const kind = kindOf(stats);
  if (kind !== null) return `there is ${kind} in the handoff's place; write a regular file`;
  return stats.size > maxBytes
    ? `the file is larger than ${sizeInWords(maxBytes)}; put large results into a file of their own and name its path`
    : null;
}

function kindOf(stats: Stats): string | null {
  if (stats.isFile()) return null;
  if (stats.isSymbolicLink()) return "a symbolic link";
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a FIFO";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function sizeInWords(bytes: number): string {
  const mebibytes = bytes / (1024 * 1024);
  return Number.isInteger(mebibytes) ? `${mebibytes} MiB` : `${bytes} bytes`;
}

function explain(error: unknown): FileReading {
  const code = codeOf(error) ?? String(error);
  if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
  const reason =
    code === "EACCES" || code === "EPERM"
      ? "the file may not be read by the user that runs delegate; give it read permission"
      : `the file can't be read (${code})`;
  return { kind: "refused", reason, mayPass: true, stamp: "" };
}
