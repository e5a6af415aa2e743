import { commandNames } from "../command-names.ts";
import type { Failure } from "../failure.ts";
import { failureKinds } from "../failure.ts";
import type { Outcome, OutcomeError } from "../run/outcome.ts";
import { failureOutcome } from "../run/outcome.ts";
import type { OutputFormat } from "./command.ts";
import { plainJson, plainLine, plainText } from "./plain.ts";
import type { Shell } from "./shell.ts";

/** Prints an outcome the way it was asked for; the value is the process's exit code. */
export function reportOutcome(outcome: Outcome, format: OutputFormat, shell: Shell): number {
  if (format === "json") shell.stdout.write(`${plainJson(outcome)}\n`);
  else reportAsText(outcome, shell);
  return outcome.error === undefined ? 0 : failureKinds[outcome.error.code].exit;
}

/** Tells a failure on stderr: what in one line, what to do in one line; the value is the process's exit code. */
export function reportFailure(reason: Failure | OutcomeError, shell: Shell): number {
  shell.stderr.write(describeFailure(reason));
  return failureKinds[reason.code].exit;
}

/**
 * Tells that a command line makes no sense. A program that wanted an outcome gets its one document all the same; a
 * person at a terminal, only the lines.
 */
export function reportMisuse(reason: Failure, words: readonly string[], shell: Shell): number {
  if (!shell.stdout.isTerminal && wantsOutcome(words)) {
    shell.stdout.write(`${plainJson(failureOutcome(reason, {}))}\n`);
  }
  return reportFailure(reason, shell);
}

/** Whether a command line that could not be read asks for an outcome as JSON. */
function wantsOutcome(words: readonly string[]): boolean {
  const [first = ""] = words;
  const asksForText = words.some(
    (word, index) =>
      word === "--format=text" || (word === "text" && words[index - 1] === "--format"),
  );
  return !asksForText && (first === "wait" || !commandNames.has(first));
}

/** Prints a document for programs. */
export function reportJson(document: unknown, shell: Shell): void {
  shell.stdout.write(`${plainJson(document)}\n`);
}

/** A failure as lines of text. */
export function describeFailure({ message, hint, problems = [] }: Failure | OutcomeError): string {
  const lines = [
    `delegate: ${plainLine(message)}`,
    ...(problems.length > 1
      ? problems.map(
          ({ at, message: text }) =>
            `  ${plainLine(`${at === "" ? "(whole document)" : at}: ${text}`)}`,
        )
      : []),
    ...(hint === "" ? [] : [`  to do: ${plainLine(hint)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function reportAsText(outcome: Outcome, shell: Shell): void {
  if (outcome.error !== undefined) {
    reportFailure(outcome.error, shell);
    return;
  }
  if (outcome.status === "partial" && typeof outcome.notes === "string" && outcome.notes !== "") {
    shell.stderr.write(`delegate: partial: ${plainLine(outcome.notes)}\n`);
  }
  const text = outcome.status === "sent" ? (outcome.runId ?? "") : (outcome.result ?? "");
  const shown = shell.stdout.isTerminal ? plainText(text) : text;
  shell.stdout.write(shown.endsWith("\n") ? shown : `${shown}\n`);
}
