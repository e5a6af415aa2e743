import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { MAX_HANDOFF_BYTES } from "../../handoff/document.ts";
import { block } from "../../system/block.ts";
import { codeOf, messageOf } from "../../thrown.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { MAX_HOOK_BODY_BYTES } from "../../gateway/hook.ts";
import type { DocumentSource, TextSource } from "../command.ts";

/** Reads a text that was given as a word, on stdin or as a file; must be UTF-8, and no longer than a message can be. */
export function readText(source: TextSource, cwd: string): Result<string> {
  if (source.kind === "text") return success(source.text);
  try {
    const bytes = readSource(source, cwd, MAX_HOOK_BODY_BYTES);
    if (bytes.length > MAX_HOOK_BODY_BYTES) return failure(tooLarge(source));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // Letters of two bytes each may pass for UTF-8, and so may a program.
    return text.includes("\0") ? failure(unusable(source, "is not text in UTF-8")) : success(text);
  } catch (error) {
    return failure(unreadable(source, error));
  }
}

/** Reads a handoff that was given on stdin or as a file, of any kind, until it is longer than one may be. */
export function readBytes(source: DocumentSource, cwd: string): Result<Uint8Array> {
  try {
    return success(readSource(source, cwd, MAX_HANDOFF_BYTES));
  } catch (error) {
    return failure(unreadable(source, error));
  }
}

/** What a document is called in messages. */
export function nameOf(source: DocumentSource): string {
  return source.kind === "stdin" ? "stdin" : source.path;
}

function unreadable(source: DocumentSource, error: unknown): Failure {
  const reason = readWords[codeOf(error) ?? ""] ?? `can't be read: ${messageOf(error)}`;
  return unusable(source, reason);
}

function unusable(source: DocumentSource, reason: string): Failure {
  return {
    code: "usage",
    message: `${nameOf(source)} ${reason}`,
    hint: "name a readable text file in UTF-8, or - for stdin",
  };
}

function tooLarge(source: DocumentSource): Failure {
  return {
    code: "usage",
    message: `${nameOf(source)} is larger than ${MAX_HOOK_BODY_BYTES} bytes, the most that a gateway takes`,
    hint: "put it into a file that the agent can read, and name its path instead",
  };
}

function readSource(source: DocumentSource, cwd: string, maxBytes: number): Buffer {
  if (source.kind === "stdin") return readAll(0, maxBytes);
  const fd = openSync(resolve(cwd, source.path), "r");
  try {
    return readAll(fd, maxBytes);
  } finally {
    closeSync(fd);
  }
}

/** Reads to the end, or until it is too large anyway: a device may have no end. */
function readAll(fd: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (bytes <= maxBytes) {
    const chunk = Buffer.allocUnsafe(65_536);
    const count = readSome(fd, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    bytes += count;
  }
  return Buffer.concat(chunks);
}

/** Somebody else may have set a shared stdin to non-blocking: then there is nothing to read only for now. */
function readSome(fd: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, chunk);
    } catch (error) {
      const code = codeOf(error);
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      block(5);
    }
  }
}

const readWords: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "can't be read: permission denied",
  EISDIR: "is a folder",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is not UTF-8",
};
