import { statSync } from "node:fs";

/** Whether this machine has a folder. */
export function hasFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
