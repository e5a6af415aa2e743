import type { Failure } from "../../../failure.ts";

/** What SQLite says when it can't do its part. */
export interface Trouble {
  /** SQLite's primary result code, such as 5 for a locked file. */
  readonly code: number;
  readonly message: string;
}

const BUSY = 5;
const LOCKED = 6;
const IO_ERROR = 10;
const FULL = 13;

/** Whether the very same thing may work in a moment. */
export function isPassing({ code }: Trouble): boolean {
  return [BUSY, LOCKED, IO_ERROR, FULL].includes(code);
}

/** Whether somebody else is at the file. */
export function isLocked({ code }: Trouble): boolean {
  return code === BUSY || code === LOCKED;
}

/** What to tell whoever wanted something of this file. */
export function failureOf(path: string, trouble: Trouble): Failure {
  const known = wordings[trouble.code];
  return {
    code: "storage_failed",
    message: `${path} can't be used: ${known?.what ?? trouble.message}`,
    hint: known?.hint ?? "check the disk, and try again",
  };
}

/** A file that a later version of the program has written. */
export function newerVersion(path: string, found: number, known: number): Failure {
  return {
    code: "storage_failed",
    message: `${path} is of a newer delegate: its version is ${found}, and this one knows ${known}`,
    hint: "update delegate, here too",
  };
}

/** What can't be written can't be brought up to date. */
export function olderVersion(path: string, found: number, known: number): Failure {
  return {
    code: "storage_failed",
    message: `${path} is of an older delegate and can't be written: its version is ${found}, and this one needs ${known}`,
    hint: "run delegate flow list once where the folder can be written; that brings it up to date",
  };
}

/** A part of what was written is still in the log beside the file, and can't be read without writing. */
export function logUnread(path: string): Failure {
  return {
    code: "storage_failed",
    message: `${path} can't be read without writing: ${path}-wal has changes that are not in it yet`,
    hint: "run delegate flow list once where the folder can be written; that takes them in",
  };
}

/** The file was taken away from under a worker. */
export function fileGone(path: string): Failure {
  return {
    code: "storage_failed",
    message: `${path} was deleted or replaced while a worker was at it`,
    hint: "start the worker again; don't touch the folder while workers run",
  };
}

/** A SQLite file that holds something else. */
export function foreignFile(path: string): Failure {
  return {
    code: "storage_failed",
    message: `${path} is a SQLite file, but not one of delegate's flows`,
    hint: "move it away; the next command makes a new one",
  };
}

const checkFolder =
  "check who owns the folder and its permissions; handoffDir in the config says where it is";
const corrupt = {
  what: "it is damaged, or not a SQLite file",
  hint: "put back a copy of it, or move it and its -wal file away: the next command makes a new one",
};

const wordings: Readonly<Record<number, { readonly what: string; readonly hint: string }>> = {
  3: { what: "permission denied", hint: checkFolder },
  [BUSY]: {
    what: "another process has kept it locked",
    hint: "try again; a tool that has the file open, or a stopped process, may hold the lock",
  },
  [LOCKED]: { what: "it is locked", hint: "try again" },
  8: { what: "it is read-only", hint: checkFolder },
  [IO_ERROR]: {
    what: "the disk does not take or give what belongs into it (full, a quota, or failing)",
    hint: "make room, check the disk, and try again; nothing that was kept before is lost",
  },
  11: corrupt,
  [FULL]: {
    what: "no space left on the disk",
    hint: "make room and try again; nothing that was kept before is lost",
  },
  14: { what: "it can't be opened", hint: checkFolder },
  26: corrupt,
};
