import { spawnSync } from "node:child_process";
import { shellWord } from "../../src/text/shell-quote.ts";
import type { CliEnd, CliOptions, Rig } from "./rig.ts";
import { launcher } from "./rig.ts";

/** Whether a terminal can be had here: `script` of util-linux gives a command one. */
export const hasTerminal =
  spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;

/** How a command sits at its terminal. */
export interface Terminal extends CliOptions {
  readonly columns?: number;
  /** Where its stdout goes instead of to the terminal. */
  readonly stdoutTo?: string;
}

/** Runs the command at a terminal; `stdout` is all that the terminal got to see. */
export function runAtTerminal(
  rig: Rig,
  words: readonly string[],
  { columns = 80, stdoutTo, env, ...options }: Terminal = {},
): Promise<CliEnd> {
  const command = [process.execPath, launcher, ...words].map(shellWord).join(" ");
  const redirection = stdoutTo === undefined ? "" : ` >${shellWord(stdoutTo)}`;
  const line = `stty cols ${columns} rows 24 -opost; ${command}${redirection}`;
  return rig.runProgram("script", ["-qec", line, "/dev/null"], {
    ...options,
    env: { TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
  });
}
