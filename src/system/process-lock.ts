import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** The right to be the only process that does something; the system takes it back when the process ends, however it ends. */
export interface ProcessLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/** Takes the lock that this file stands for, or null when another process has it. */
export function takeProcessLock(path: string): ProcessLock | null {
  closeSync(openSync(path, "a", 0o600));
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
