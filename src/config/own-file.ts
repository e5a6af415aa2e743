import { codeOf } from "../thrown.ts";
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";
import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";

/** Why a file can't be used, and what to do about it. */
export interface FileTrouble {
  readonly message: string;
  readonly hint: string;
}

/** Both in one line, for where there is but one. */
export function describeTrouble({ message, hint }: FileTrouble): string {
  return `${message}; ${hint}`;
}

/** What nobody else may do with the file, if anything. */
export type Guard = "write" | "read" | "none";

const MAX_BYTES = 1024 * 1024;

/** Reads a text file that decides what is run: a regular, small one that nobody else can change (or read). */
export function readOwnFile(path: string, guard: Guard): Result<string, FileTrouble> {
  let descriptor: number;
  try {
    // Without O_NONBLOCK a FIFO in this place would hang the program.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return failure(openTrouble(path, error));
  }
  try {
    const trouble = findTrouble(path, fstatSync(descriptor), guard);
    return trouble === null ? readText(path, descriptor) : failure(trouble);
  } finally {
    closeSync(descriptor);
  }
}

function openTrouble(path: string, error: unknown): FileTrouble {
  const code = codeOf(error) ?? "unknown error";
  if ((code === "ENOENT" || code === "ELOOP") && isLink(path)) {
    const message = `${path} is a link that leads to no file`;
    return { message, hint: "correct the link, or remove it" };
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    return { message: `${path} does not exist`, hint: "correct the path, or make the file" };
  }
  if (code === "ELOOP") {
    const message = `${path} is below a link that leads to itself`;
    return { message, hint: "correct the link, or remove it" };
  }
  if (code === "EISDIR") return notAFile(path, "a folder");
  return { message: `${path} can't be read (${code})`, hint: "make it readable for you" };
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // It is not there, or a folder above it is a link in a circle.
    return false;
  }
}

function findTrouble(path: string, stats: Stats, guard: Guard): FileTrouble | null {
  if (!stats.isFile())
    return notAFile(path, stats.isDirectory() ? "a folder" : "a device or a pipe");
  if (stats.size > MAX_BYTES) {
    return {
      message: `${path} is larger than ${MAX_BYTES} bytes`,
      hint: "point to the right file",
    };
  }
  return guard === "none" ? null : findOthers(path, stats, guard);
}

function notAFile(path: string, what: string): FileTrouble {
  return { message: `${path} is ${what}, not a file`, hint: "point to the file itself" };
}

/** On systems without user ids the mode bits say nothing. */
function findOthers(path: string, stats: Stats, guard: Guard): FileTrouble | null {
  const user = process.getuid?.();
  if (user === undefined) return null;
  if (stats.uid !== user && stats.uid !== 0) {
    return {
      message: `${path} belongs to another user, who could change it`,
      hint: `chown ${user} ${path}`,
    };
  }
  if ((stats.mode & 0o022) !== 0) {
    const chmod = guard === "read" ? "600" : "go-w";
    return { message: `${path} can be changed by other users`, hint: `chmod ${chmod} ${path}` };
  }
  if (guard === "read" && (stats.mode & 0o044) !== 0) {
    return { message: `${path} can be read by other users`, hint: `chmod 600 ${path}` };
  }
  return null;
}

function readText(path: string, descriptor: number): Result<string, FileTrouble> {
  const bytes = readFileSync(descriptor);
  return isUtf8(bytes)
    ? success(bytes.toString("utf8"))
    : failure({ message: `${path} is not UTF-8 text`, hint: "save it as UTF-8" });
}
