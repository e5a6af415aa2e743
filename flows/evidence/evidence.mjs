// @ts-check

import { fieldsOf, textOf } from "./json-shape.mjs";
import { findQuote, NEAR_LINES } from "./find-quote.mjs";
/** @import { Lines } from "./read-lines.mjs" */

/**
 * What a statement rests on, as an agent gives it.
 *
 * @typedef {{ kind: "file", file: string, line: number, quote: string }} FileEvidence
 * @typedef {{ kind: "command", command: string, output: string }} CommandEvidence
 * @typedef {{ kind: "not-verified", why: string }} NoEvidence
 * @typedef {FileEvidence | CommandEvidence | NoEvidence | { kind: "unknown" }} Evidence
 */

/**
 * What became of a piece of evidence: `found` in the file; `stated`, a command's output that nobody has repeated; `none`,
 * where the agent says itself that it has not verified it; or `broken`.
 *
 * @typedef {{ standing: "found" | "stated" | "none" } | { standing: "broken", problem: string }} Judgment
 * @typedef {{ evidence: Evidence, judgment: Judgment }} JudgedEvidence
 */

/**
 * Reads evidence from JSON of any shape.
 *
 * @param {unknown} value
 * @returns {Evidence}
 */
export function readEvidence(value) {
  const { kind, file, line, quote, command, output, why } = fieldsOf(value);
  switch (kind) {
    case "file":
      return {
        kind,
        file: textOf(file).trim(),
        line: typeof line === "number" ? line : 0,
        quote: textOf(quote),
      };
    case "command":
      return { kind, command: textOf(command).trim(), output: textOf(output) };
    case "not-verified":
      return { kind, why: textOf(why).trim() };
    default:
      return { kind: "unknown" };
  }
}

/**
 * Whether evidence holds. Files that are not among `texts` were not looked for.
 *
 * @param {Evidence} evidence
 * @param {ReadonlyMap<string, Lines>} texts The files by the name that the evidence gives them.
 * @returns {Judgment}
 */
export function judgeEvidence(evidence, texts) {
  switch (evidence.kind) {
    case "file":
      return judgeFile(evidence, texts.get(evidence.file));
    case "command":
      return judgeCommand(evidence);
    case "not-verified":
      return evidence.why === ""
        ? broken("it does not say why it is not verified")
        : { standing: "none" };
    case "unknown":
      return broken('its "kind" is neither "file", "command" nor "not-verified"');
  }
}

/**
 * @param {FileEvidence} evidence
 * @param {Lines | undefined} text
 * @returns {Judgment}
 */
function judgeFile({ file, line, quote }, text) {
  if (file === "") return broken("it names no file");
  if (text === undefined) return broken("the file was not looked at");
  if ("problem" in text) return broken(`the file ${text.problem}`);
  const { length } = text.lines;
  if (!Number.isInteger(line) || line < 1) return broken("it names no line");
  if (line > length) return broken(`the file has ${length} lines`);
  const found = findQuote(text.lines, line, quote);
  switch (found.place) {
    case "near":
      return { standing: "found" };
    case "elsewhere":
      return broken(
        `the quoted text stands at line ${found.line}, more than ${NEAR_LINES} lines away`,
      );
    case "nowhere":
      return broken(
        "the quoted text does not stand in the file; quote it word for word, with nothing left out",
      );
    case "too-short":
      return broken("the quoted text is too short to prove anything; quote the whole line");
  }
}

/**
 * @param {CommandEvidence} evidence
 * @returns {Judgment}
 */
function judgeCommand({ command, output }) {
  if (command === "") return broken("it names no command");
  return output.trim() === ""
    ? broken("it has no output; say at least what was printed, or how it ended")
    : { standing: "stated" };
}

/**
 * @param {string} problem
 * @returns {Judgment}
 */
function broken(problem) {
  return { standing: "broken", problem };
}

/**
 * Evidence as one names it in a sentence.
 *
 * @param {Evidence} evidence
 */
export function nameEvidence(evidence) {
  switch (evidence.kind) {
    case "file":
      return `${evidence.file}:${evidence.line}`;
    case "command":
      return evidence.command;
    case "not-verified":
      return "not verified";
    case "unknown":
      return "evidence";
  }
}
