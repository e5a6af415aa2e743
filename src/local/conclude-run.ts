import type { CommandHandoff } from "../config/config.ts";
import { HANDOFF_SCHEMA_VERSION } from "../handoff/document.ts";
import type { CommandProblem } from "../run/failures/command-hints.ts";
import { commandHint } from "../run/failures/command-hints.ts";
import { unreachable } from "../unreachable.ts";
import type { CommandEnd } from "./command-end.ts";
import { lastPart, withoutControlCharacters } from "./plain-text.ts";
import { wrapStdout } from "./wrap-stdout.ts";
import type { HandoffDraft, HandoffOrigin } from "./wrap-stdout.ts";

/** What is known when a command has ended. */
export interface EndFacts {
  readonly origin: HandoffOrigin;
  readonly handsOverBy: CommandHandoff;
  /** The program's name. */
  readonly program: string;
  readonly cwd: string;
  readonly end: CommandEnd;
  /** What it printed, without escape sequences. */
  readonly stdout: string;
  readonly stderr: string;
  /** What lies at the handoff's path: nothing (or nothing whole), only a sign of life, or a handoff. */
  readonly found: "nothing" | "working" | "handoff";
}

const MAX_NOTES_CHARACTERS = 2000;
const MAX_REASON_CHARACTERS = 200;

/** What is to be done about a handoff: the agent's own stays, what it printed is wrapped, a failed one is written, or nothing. */
export type Conclusion =
  | { readonly kind: "own" }
  | { readonly kind: "none" }
  | { readonly kind: "wrapped"; readonly handoff: HandoffDraft }
  | { readonly kind: "failed"; readonly handoff: HandoffDraft };

/** Decides what is handed over when a command has ended. */
export function concludeRun(facts: EndFacts): Conclusion {
  const { end, handsOverBy, found, origin } = facts;
  if (found === "handoff") return { kind: "own" };
  // Whoever set the time limit, or canceled, knows that it is over, and may even ask again.
  if (end.kind === "timed_out" || end.kind === "canceled") return { kind: "none" };
  if (end.kind === "exited" && end.code === 0 && handsOverBy === "stdout") {
    const text = withoutControlCharacters(facts.stdout);
    if (text.trim() !== "") return { kind: "wrapped", handoff: wrapStdout(text, origin) };
  }
  const details = { kind: problemOf(end), printed: printedBy(facts) };
  return { kind: "failed", handoff: failedHandoff(origin, describeEnd(end, facts), details) };
}

/** The handoff that says why there is no other: what to do where that is known, and what the command said. */
export function failedHandoff(
  origin: HandoffOrigin,
  result: string,
  { kind, printed }: { readonly kind: CommandProblem | null; readonly printed: readonly string[] },
): HandoffDraft {
  const hint = commandHint(kind, origin.agent) ?? "";
  return {
    schemaVersion: HANDOFF_SCHEMA_VERSION,
    ...origin,
    status: "failed",
    result,
    deliverable: null,
    artifacts: [],
    confidence: "low",
    notes: [hint, ...printed].filter((text) => text !== "").join("\n\n"),
    ...(kind === null ? {} : { commandProblem: kind }),
  };
}

function describeEnd(
  end: Exclude<CommandEnd, { kind: "timed_out" | "canceled" }>,
  { handsOverBy, found, program, cwd, stdout, stderr }: EndFacts,
): string {
  switch (end.kind) {
    case "exited": {
      const printedNothing = end.code === 0 && handsOverBy === "stdout";
      if (printedNothing) return "the command printed nothing";
      const instead = found === "working" ? ", only with a sign of life" : "";
      const what = handsOverBy === "stdout" ? "" : ` without a handoff${instead}`;
      return `the command exited with code ${end.code}${what}${lastWords(stderr) || lastWords(stdout)}`;
    }
    case "signaled":
      return `the command was killed by ${end.signal}`;
    case "not_started":
      return describeNotStarted(end, program, cwd);
    case "flooded":
      return `the command printed more than ${end.maxBytes} bytes and was ended`;
    case "stopped":
      return "the local gateway was stopped, and the command with it";
    default:
      return unreachable(end);
  }
}

function describeNotStarted(
  { code, reason }: Extract<CommandEnd, { kind: "not_started" }>,
  program: string,
  cwd: string,
): string {
  switch (code) {
    case "ENOENT":
      return `command not found: ${program}`;
    case "EACCES":
      return `the command may not be executed: ${program}`;
    case "NO_CWD":
      return `the command's working directory is no folder: ${cwd}`;
    default:
      return `the command could not be started: ${withoutControlCharacters(reason).slice(0, 300)}`;
  }
}

/** The reason, as far as the command gave one; the notes have more of it. */
function lastWords(printed: string): string {
  const line = withoutControlCharacters(printed).trim().replaceAll(/\s+/g, " ");
  return line === "" ? "" : `: ${lastPart(line, MAX_REASON_CHARACTERS)}`;
}

/** The end of what the command said: on stderr, and on stdout where that is all or the work itself. */
function printedBy(facts: EndFacts): readonly string[] {
  const stderr = printedEnd(facts.stderr);
  const stdout = printedEnd(facts.stdout);
  const isStdoutWanted = stderr === "" || facts.handsOverBy === "stdout";
  return [stderr, isStdoutWanted ? stdout : ""];
}

function printedEnd(text: string): string {
  return lastPart(withoutControlCharacters(text).trim(), MAX_NOTES_CHARACTERS);
}

function problemOf(end: CommandEnd): CommandProblem | null {
  if (end.kind === "flooded") return "printed_too_much";
  if (end.kind !== "not_started") return null;
  switch (end.code) {
    case "ENOENT":
      return "not_found";
    case "EACCES":
      return "not_executable";
    case "NO_CWD":
      return "no_folder";
    default:
      return null;
  }
}
