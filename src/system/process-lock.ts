import { DatabaseSync } from "node:sqlite";
import { makeFile } from "./make-file.ts";

/** The right to be the only process that does something; the system takes it back when the process ends, however it ends. */
export interface ProcessLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/** Takes the lock that this file stands for, or null when it is taken, here or in another process. */
export function takeProcessLock(path: string): ProcessLock | null {
  makeFile(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return { release: () => database.close() };
}
