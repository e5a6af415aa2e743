import { byteLength } from "./text-size.ts";

/** Why a command can't be started. */
export interface CommandProblem {
  readonly message: string;
  readonly hint: string;
}

/** What Linux takes in one variable or argument, without the zero byte at its end; other systems take less in all. */
const MAX_VALUE_BYTES = 128 * 1024 - 1;

/** What no system lets through to a command, or null. */
export function findCommandProblem(
  command: string | readonly string[],
  env: Readonly<Record<string, string>>,
): CommandProblem | null {
  const words = typeof command === "string" ? [command] : command;
  const values = [...words, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  if (values.some((value) => value.includes("\0"))) {
    return {
      message: "the command or a value in it contains a zero byte, which no command can take",
      hint: "have the earlier step leave a file, and use its path",
    };
  }
  // No text has more bytes than three for each of its units.
  const largest = values
    .filter((value) => value.length * 3 > MAX_VALUE_BYTES)
    .reduce((most, value) => Math.max(most, byteLength(value)), 0);
  return largest <= MAX_VALUE_BYTES
    ? null
    : {
        message: `the command or a value in it is ${largest} bytes long, and at most ${MAX_VALUE_BYTES} are possible`,
        hint: "have the earlier step leave a file, and use its path",
      };
}
