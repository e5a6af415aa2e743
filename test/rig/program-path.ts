import { basename, join } from "node:path";

/** Names the folder in which programs of the tests are in one file each. */
export const BUILT_PROGRAMS = "BUILT_TEST_PROGRAMS";

/** Where to start a program of the tests: built, if that was done before these tests, or as it is written. */
export function programPath(source: string): string {
  const folder = process.env[BUILT_PROGRAMS];
  return folder === undefined ? source : join(folder, `${basename(source, ".ts")}.mjs`);
}
