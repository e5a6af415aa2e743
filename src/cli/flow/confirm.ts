import { readSync } from "node:fs";
import { isatty } from "node:tty";
import type { Shell } from "../shell.ts";

/** Whether there is a person at both ends: one who reads what is asked, and can answer. */
export function canAsk({ stderr }: Shell): boolean {
  return stderr.isTerminal && isatty(0);
}

/** Asks a person; only a yes is one. Ctrl-C ends the process, for nothing has been done. */
export function confirm(question: string, { stderr }: Shell): boolean {
  stderr.write(`${question} [y/N] `);
  const answer = Buffer.alloc(1_024);
  let length = 0;
  while (length < answer.length && !answer.subarray(0, length).includes("\n")) {
    const read = readSync(0, answer, length, answer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return /^\s*y(es)?\s*$/i.test(answer.toString("utf8", 0, length));
}
