import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { Buffer } from "node:buffer";
import type { WorkingHandoff } from "./document.ts";
import type { Expectation } from "./check.ts";
import { readHandoff } from "./check.ts";
import { attemptFileName, submittedFileName } from "./paths.ts";
import { readHandoffFile } from "./read.ts";

/**
 * Puts a handoff into its attempt's place, whatever is there. It is kept beside it first: whoever writes a sign of life
 * at the same moment puts it back.
 */
export function putHandoff(folder: string, attempt: number, text: string): void {
  const bytes = Buffer.from(text);
  replaceFile(folder, submittedFileName(attempt), bytes);
  replaceFile(folder, attemptFileName(attempt), bytes);
}

/** Puts a sign of life into the attempt's place; false when there is more than that, which stays. */
export function putSignOfLife(folder: string, attempt: number, working: WorkingHandoff): boolean {
  const submitted = `${folder}/${submittedFileName(attempt)}`;
  const name = attemptFileName(attempt);
  if (existsSync(submitted) || !isFree(`${folder}/${name}`)) return false;
  replaceFile(folder, name, Buffer.from(`${JSON.stringify(working)}\n`));
  if (!existsSync(submitted)) return true;
  replaceFile(folder, name, readFileSync(submitted));
  return false;
}

/** Whether there is a handoff in the attempt's place with which nothing is wrong. */
export function holdsHandoff(folder: string, attempt: number, expectation: Expectation): boolean {
  return kindOf(`${folder}/${attemptFileName(attempt)}`, expectation) === "handoff";
}

/** An empty or unfinished file is about to become a handoff: its writer must not lose it. */
function isFree(path: string): boolean {
  const kind = kindOf(path, anyHandoff);
  return kind === "absent" || kind === "working";
}

function kindOf(path: string, expectation: Expectation): string {
  const file = readHandoffFile(path);
  return file.kind === "read" ? readHandoff(file.bytes, expectation).kind : file.kind;
}

const anyHandoff = { runId: null, agent: null, validation: "basic", checkData: null } as const;

/** Replaces a file in one step: nobody sees it half-written, also after a power cut, and no link in its place is followed. */
function replaceFile(folder: string, name: string, bytes: Uint8Array): void {
  // Processes in other containers may have the same id.
  const aside = `${folder}/.${name}.${process.pid}.${process.hrtime.bigint()}.tmp`;
  try {
    writeThrough(aside, bytes);
    renameSync(aside, `${folder}/${name}`);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

function writeThrough(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "wx", 0o600);
  try {
    for (let written = 0; written < bytes.length;)
      written += writeSync(file, bytes, written, bytes.length - written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
