// @ts-check

import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

const MAX_BYTES = 10 * 1024 * 1024;

/**
 * The lines of a file, or why it can't be looked at.
 *
 * @typedef {{ lines: readonly string[] } | { problem: string }} Lines
 */

/**
 * Reads a text file below a folder; nothing outside of it, and nothing that is not a plain file.
 *
 * @param {string} folder
 * @param {string} file Relative to the folder, or absolute.
 * @returns {Promise<Lines>}
 */
async function readLines(folder, file) {
  if (file.includes("\0")) return { problem: "is no file name" };
  try {
    const path = await realpath(resolve(folder, file));
    if (!isBelow(await realpath(folder), path)) return { problem: "is outside the folder" };
    const { size, isPlain } = await look(path);
    if (!isPlain) return { problem: "is not a plain file" };
    if (size > MAX_BYTES) return { problem: `is too large to check (${size} bytes)` };
    return toLines(await readFile(path, "utf8"));
  } catch (error) {
    return { problem: explain(error) };
  }
}

/**
 * The lines of several files, by the names they are given by.
 *
 * @param {string} folder
 * @param {readonly string[]} files
 * @returns {Promise<ReadonlyMap<string, Lines>>}
 */
export async function readAllLines(folder, files) {
  /** @type {Map<string, Lines>} */
  const texts = new Map();
  for (const file of files) texts.set(file, await readLines(folder, file));
  return texts;
}

/** @param {string} path */
async function look(path) {
  const stats = await stat(path);
  return { size: stats.size, isPlain: stats.isFile() };
}

/**
 * @param {string} folder
 * @param {string} path
 */
function isBelow(folder, path) {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * @param {string} text
 * @returns {Lines}
 */
function toLines(text) {
  if (text.includes("\0")) return { problem: "is not a text file" };
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return { lines };
}

/** @param {unknown} error */
function explain(error) {
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "does not exist";
    case "ENAMETOOLONG":
      return "is no file name";
    case "ELOOP":
      return "is a link to itself";
    case "EACCES":
    case "EPERM":
      return "may not be read";
    default:
      return `can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
