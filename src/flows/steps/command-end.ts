import { lastPart, withoutControlCharacters } from "../../local/plain-text.ts";
import { unreachable } from "../../unreachable.ts";
import type { Output, StepFailure, StoredFile } from "../task.ts";
import type { StepEnd } from "../work.ts";

/** How a command ended. */
export type CommandEnd =
  /** 127 when there is no such program, 128 and more for a signal. */
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "timed_out"; readonly afterMs: number }
  /** Its step was to stop. */
  | { readonly kind: "stopped" };

/** What a command printed on one stream. */
export interface Printed {
  /** The end of it. */
  readonly text: string;
  /** All of it, when the text is not. */
  readonly file: StoredFile | null;
}

/** What the end of a command means for its step; `toPlain` takes colors and the like out of a text. */
export function endOfCommand(
  end: CommandEnd,
  stdout: Printed,
  stderr: Printed,
  toPlain: (text: string) => string,
): StepEnd {
  if (end.kind === "stopped") return { end: "canceled" };
  const output = outputOf(end, stdout, stderr);
  if (end.kind === "exited" && end.code === 0) return { end: "done", output, usage: null };
  return {
    end: "failed",
    failure: describeFailure(end, lastLines(stderr, toPlain) || lastLines(stdout, toPlain)),
    output,
    usage: null,
    isRetryable: true,
  };
}

/** Why a step comes to nothing whose command can't even be started. */
export function notStarted(message: string, hint: string): StepEnd {
  return {
    end: "failed",
    failure: { code: "command_failed", message, hint },
    output: {},
    usage: null,
    isRetryable: false,
  };
}

/** As `$(…)` does it, the line break at the end is left out: what is compared or put into a text is what was said. */
function outputOf(
  end: Exclude<CommandEnd, { kind: "stopped" }>,
  stdout: Printed,
  stderr: Printed,
): Output {
  const files = {
    ...(stdout.file === null ? {} : { stdout: { ...stdout.file } }),
    ...(stderr.file === null ? {} : { stderr: { ...stderr.file } }),
  };
  return {
    exitCode: end.kind === "exited" ? end.code : null,
    stdout: withoutLastBreak(stdout.text),
    stderr: withoutLastBreak(stderr.text),
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
}

function withoutLastBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function describeFailure(end: Exclude<CommandEnd, { kind: "stopped" }>, said: string): StepFailure {
  const message = `${howItEnded(end)}${said === "" ? "" : `: ${said}`}`;
  const hint = tooMuch.test(said) ? 'give large values as "stdin"' : hintFor(end);
  return { code: "command_failed", message, hint };
}

function howItEnded(end: Exclude<CommandEnd, { kind: "stopped" }>): string {
  switch (end.kind) {
    case "exited":
      return end.code > 128 && end.code <= 128 + LAST_SIGNAL
        ? `the command was ended by signal ${end.code - 128} (exit code ${end.code})`
        : `the command ended with exit code ${end.code}`;
    case "timed_out":
      return `the command was ended after its ${end.afterMs / 1000} s`;
    default:
      return unreachable(end);
  }
}

function hintFor(end: Exclude<CommandEnd, { kind: "stopped" }>): string {
  if (end.kind === "timed_out") return 'give it more with "timeout" in the flow file';
  if (end.code === 127) return "install the program, or correct its name or PATH";
  if (end.code === 126) return "make the program executable, or correct what it is given";
  return "delegate flow show has what it printed";
}

/** How systems and shells say that a command was given more than they take. */
const tooMuch = /\bE2BIG\b|Argument list too long/;

const LAST_SIGNAL = 64;
const MAX_LINES = 3;
const MAX_CHARACTERS = 300;

/** The last lines that say something, on one line. */
function lastLines({ text }: Printed, toPlain: (text: string) => string): string {
  const lines = withoutControlCharacters(toPlain(text.slice(-MAX_LINES * 1_000)))
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " ").trim())
    .filter((line) => line !== "");
  return lastPart(lines.slice(-MAX_LINES).join(" / "), MAX_CHARACTERS);
}
