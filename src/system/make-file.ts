import { closeSync, openSync } from "node:fs";
import { codeOf } from "../thrown.ts";

/**
 * Makes an empty file that only its owner may read, unless there is a file. One that is there is not even opened: with
 * its closing, this process would lose the locks that it has on it.
 */
export function makeFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}
