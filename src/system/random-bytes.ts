import { closeSync, openSync, readSync } from "node:fs";

/** Bytes that nobody can guess. Straight from the system where that is possible: loading crypto takes 3 ms. */
export function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  return isFilledBySystem(bytes)
    ? bytes
    : process.getBuiltinModule("node:crypto").getRandomValues(bytes);
}

function isFilledBySystem(bytes: Uint8Array): boolean {
  if (process.platform === "win32") return false;
  try {
    const device = openSync("/dev/urandom", "r");
    try {
      return readSync(device, bytes) === bytes.length;
    } finally {
      closeSync(device);
    }
  } catch {
    return false;
  }
}
