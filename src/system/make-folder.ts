import { codeOf } from "../thrown.ts";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder for its owner alone, with all that lacks above it. Node's own `recursive` never ends where the system
 * says ENOENT of a folder whose parent exists, as below /proc.
 */
export function makeFolder(path: string): void {
  if (findLack(path) === null) return;
  const parent = dirname(path);
  if (!existsSync(parent)) makeFolder(parent);
  const lack = findLack(path);
  if (lack !== null) throw lack;
}

/**
 * Makes a folder in which nothing is anybody's source: git leaves it alone, so that what runs leave behind in a
 * repository is no change of it. A folder that is there stays as it is.
 */
export function makeIgnoredFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(path);
  writeFileSync(`${path}/.gitignore`, "*\n", { mode: 0o600 });
}

/** Makes one folder, unless it is there; the error is that something above it lacks. */
function findLack(path: string): unknown {
  try {
    mkdirSync(path, { mode: 0o700 });
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST" && statSync(path).isDirectory()) return null;
    if (code === "ENOENT") return error;
    throw error;
  }
}
