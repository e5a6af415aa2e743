// @ts-check

import { text } from "node:stream/consumers";

/**
 * What a variable holds; without it, what comes on stdin.
 *
 * @param {string} variable
 */
export async function readInput(variable) {
  return process.env[variable] ?? (await text(process.stdin));
}
