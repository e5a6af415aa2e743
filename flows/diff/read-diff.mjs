// @ts-check

import { readFile, stat } from "node:fs/promises";

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The text of a diff in a file, or why there is none.
 *
 * @param {string} path
 * @returns {Promise<{ text: string } | { problem: string }>}
 */
export async function readDiff(path) {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { problem: `${path} is not a plain file` };
    if (stats.size > MAX_BYTES)
      return { problem: `${path} has ${stats.size} bytes, at most ${MAX_BYTES} are read` };
    return { text: await readFile(path, "utf8") };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
