import type { Failure } from "../failure.ts";
import { failureKinds } from "../failure.ts";
import type { Outcome, OutcomeError } from "../run/outcome.ts";
import { failureOutcome } from "../run/outcome.ts";
import type { OutputFormat } from "./command.ts";
import { plainJson, plainLine, plainText } from "../text/plain.ts";
import type { Shell } from "./shell.ts";

/**
 * Prints an outcome the way it was asked for; the value is the process's exit code. When it is the call that must be
 * corrected, people get the lines as well: what reads the document may be a program that nobody looks at.
 */
export function reportOutcome(outcome: Outcome, format: OutputFormat, shell: Shell): number {
  const { error } = outcome;
  if (format === "json") {
    reportJson(outcome, shell);
    if (error !== undefined && failureKinds[error.code].exit === failureKinds.usage.exit)
      reportFailure(error, shell);
  } else reportAsText(outcome, shell);
  return error === undefined ? 0 : failureKinds[error.code].exit;
}

/** Tells a failure on stderr: what in one line, what to do in one line; the value is the process's exit code. */
export function reportFailure(reason: Failure | OutcomeError, shell: Shell): number {
  shell.stderr.write(describeFailure(reason));
  return failureKinds[reason.code].exit;
}

/**
 * Tells that nothing was done. Whoever reads a JSON document gets one all the same, and people the lines; the value is
 * the process's exit code.
 */
export function reportRefusal(reason: Failure, wantsJson: boolean, shell: Shell): number {
  if (wantsJson) reportJson(failureOutcome(reason, {}), shell);
  return reportFailure(reason, shell);
}

/** Prints a document for programs. */
export function reportJson(document: unknown, shell: Shell): void {
  shell.stdout.write(`${plainJson(document)}\n`);
}

/** A failure as lines of text. */
export function describeFailure({
  message,
  hint,
  problems = [],
}: Pick<Failure, "message" | "hint" | "problems">): string {
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
