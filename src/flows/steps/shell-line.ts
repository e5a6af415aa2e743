import { shellQuote } from "../../text/shell-quote.ts";

/** What a shell does with one command. */
export interface ShellCommand {
  /** A line for the shell, or a program and its arguments. */
  readonly command: string | readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Variables besides the inherited ones. */
  readonly env: Readonly<Record<string, string>>;
}

/** The named pipes that a command prints into. */
export interface OutputPipes {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What a shell that reads its commands from stdin is told to run: one line of it, whatever is in the command. It
 * answers with the exit code on its own stdout. When who started the shell has died meanwhile, it is too late: somebody
 * else may be at the step by now. Null when these variables can't be said in a shell.
 */
export function shellScript(
  { command, cwd, env }: ShellCommand,
  { stdout, stderr }: OutputPipes,
): string | null {
  const variables = Object.entries(env);
  if (!variables.every(([name]) => variableName.test(name))) return null;
  const exports = variables.map(([name, value]) => `export ${name}=${shellQuote(value)}; `);
  const body = `${exports.join("")}cd -- ${shellQuote(cwd)} && ${bodyOf(command)}`;
  return `kill -0 "$PPID" || exit; (${body}) </dev/null ${into(">", stdout)} ${into("2>", stderr)}; echo $?\n`;
}

/** A line of words in which a shell finds nothing to expand, to split or to obey. */
export function isPlainWords(line: string): boolean {
  const [first = ""] = line.trim().split(/[ \t]+/, 1);
  return plainLine.test(line) && !first.includes("=") && !reservedWords.has(first);
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const plainLine = /^[ \t]*[\w@%+=:,./-]+([ \t]+[\w@%+=:,./-]+)*[ \t]*$/;

/** With these at its beginning a line may have no end. */
const reservedWords: ReadonlySet<string> = new Set(
  "case coproc do done elif else esac fi for function if in select then time until while".split(
    " ",
  ),
);

/** In a subshell a plain line means what it means to a shell of its own, and costs no shell of its own. */
function bodyOf(command: string | readonly string[]): string {
  if (typeof command !== "string") return `exec ${command.map(shellQuote).join(" ")}`;
  return isPlainWords(command) ? command : `exec /bin/sh -c ${shellQuote(command)}`;
}

/** Opened for both first, since opening a named pipe that nobody reads any more would take forever. */
function into(redirection: string, pipe: string): string {
  const path = shellQuote(pipe);
  return `8<>${path} ${redirection}${path} 8>&-`;
}
