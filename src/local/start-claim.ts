import { closeSync, openSync, rmSync, statSync, utimesSync } from "node:fs";

/** A gateway that is not there after this long has to be started by somebody else. */
const CLAIM_LASTS_MS = 3000;

/**
 * Whether it is for this process to start the gateway. It only spares the machine a process for each of many callers at
 * once; that there is one gateway is up to its lock.
 */
export function claimStart(path: string): boolean {
  try {
    closeSync(openSync(path, "wx", 0o600));
    return true;
  } catch {
    return takeOverOldClaim(path);
  }
}

/** Says that the starting is over, however it went. */
export function releaseStart(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It grows old by itself.
  }
}

function takeOverOldClaim(path: string): boolean {
  try {
    const ageMs = Date.now() - statSync(path).mtimeMs;
    if (ageMs >= 0 && ageMs < CLAIM_LASTS_MS) return false;
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch {
    // It is gone again, or nothing can be written there: then starting says why.
    return true;
  }
}
