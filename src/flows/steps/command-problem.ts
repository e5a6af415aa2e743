import { byteLength } from "./text-size.ts";

/** Why a command can't be started. */
export interface CommandProblem {
  readonly message: string;
  readonly hint: string;
}

/** What Linux takes in one variable or argument, without the zero byte at its end. */
const MAX_VALUE_BYTES = 128 * 1024 - 1;
/** What is safe in all: Linux takes 2 MiB, with all that is inherited; other systems take less. */
const MAX_BYTES = 1536 * 1024;

/** What no system lets through to a command, or null. */
export function findCommandProblem(
  command: string | readonly string[],
  env: Readonly<Record<string, string>>,
): CommandProblem | null {
  const words = typeof command === "string" ? [command] : command;
  const values = [
    ...words.map((text) => ({ what: "the command or a value in it", text })),
    ...Object.entries(env).map(([name, value]) => ({
      what: isOurs(name) ? "a value in the command" : `the variable ${name}`,
      text: `${name}=${value}`,
    })),
  ];
  if (values.some(({ text }) => text.includes("\0"))) {
    return {
      message: "the command or a value in it contains a zero byte, which no command can take",
      hint: "have the earlier step leave a file, and use its path",
    };
  }
  const sizes = values.map(({ what, text }) => ({ what, bytes: byteLength(text) }));
  const large = sizes.find(({ bytes }) => bytes > MAX_VALUE_BYTES);
  if (large !== undefined) return tooLarge(`${large.what} is`, large.bytes, MAX_VALUE_BYTES);
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  return all > MAX_BYTES
    ? tooLarge("the command and its values together are", all, MAX_BYTES)
    : null;
}

/** One that an expression in the line became. */
function isOurs(name: string): boolean {
  return name.startsWith("DELEGATE_");
}

function tooLarge(what: string, bytes: number, most: number): CommandProblem {
  return {
    message: `${what} ${bytes} bytes long, and at most ${most} are possible`,
    hint: 'give it as "stdin", or have the earlier step leave a file and use its path',
  };
}
