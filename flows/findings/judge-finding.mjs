// @ts-check

import { judgeEvidence } from "../evidence/evidence.mjs";
import { findQuote } from "../evidence/find-quote.mjs";
import { standingOf } from "../evidence/judge-report.mjs";
/** @import { Evidence, JudgedEvidence, Judgment } from "../evidence/evidence.mjs" */
/** @import { Standing } from "../evidence/judge-report.mjs" */
/** @import { Lines } from "../evidence/read-lines.mjs" */
/** @import { FileDiff, Side } from "../diff/parse-diff.mjs" */
/** @import { Finding } from "./finding.mjs" */

/**
 * @typedef {object} JudgedFinding
 * @property {Finding} finding
 * @property {Standing} standing
 * @property {readonly JudgedEvidence[]} evidence
 */

/**
 * Whether a finding's evidence holds: in the files as they are, or in the diff, before or after the change.
 *
 * @param {Finding} finding
 * @param {ReadonlyMap<string, Lines>} texts
 * @param {readonly FileDiff[]} diff
 * @returns {JudgedFinding}
 */
export function judgeFinding(finding, texts, diff) {
  const evidence = finding.evidence.map((piece) => ({
    evidence: piece,
    judgment: judgePiece(piece, texts, diff),
  }));
  return { finding, evidence, standing: standingOf(evidence) };
}

/**
 * @param {Evidence} piece
 * @param {ReadonlyMap<string, Lines>} texts
 * @param {readonly FileDiff[]} diff
 * @returns {Judgment}
 */
function judgePiece(piece, texts, diff) {
  const judgment = judgeEvidence(piece, texts);
  if (judgment.standing !== "broken" || piece.kind !== "file") return judgment;
  const isInDiff = sidesOf(piece.file, diff).some(
    ({ start, lines }) => findQuote(lines, piece.line - start + 1, piece.quote).place === "near",
  );
  return isInDiff ? { standing: "found" } : judgment;
}

/**
 * @param {string} file
 * @param {readonly FileDiff[]} diff
 * @returns {readonly Side[]}
 */
function sidesOf(file, diff) {
  return diff.flatMap(({ path, oldPath, hunks }) => [
    ...(path === file ? hunks.map((hunk) => hunk.new) : []),
    ...(oldPath === file ? hunks.map((hunk) => hunk.old) : []),
  ]);
}

/**
 * The files that the evidence of findings names, each once.
 *
 * @param {readonly Finding[]} findings
 */
export function filesOfFindings(findings) {
  const files = findings.flatMap(({ evidence }) =>
    evidence.flatMap((piece) => (piece.kind === "file" && piece.file !== "" ? [piece.file] : [])),
  );
  return [...new Set(files)];
}
