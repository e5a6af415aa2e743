import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** The right to be the one gateway of a config; the system takes it back when the process ends, however it ends. */
export interface GatewayLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/** Takes the lock, or null when another process has it. */
export function takeGatewayLock(path: string): GatewayLock | null {
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
