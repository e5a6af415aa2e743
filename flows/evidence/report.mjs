// @ts-check

import { fieldsOf, listOf, textOf, textsOf } from "./json-shape.mjs";
import { readEvidence } from "./evidence.mjs";
/** @import { Evidence } from "./evidence.mjs" */

/**
 * @typedef {object} Claim
 * @property {string} id Such as C1.
 * @property {string} claim
 * @property {string} confidence
 * @property {readonly string[]} from The personas it comes from.
 * @property {readonly Evidence[]} evidence
 */

/**
 * What an investigator or the synthesizer hands over as data.
 *
 * @typedef {object} Report
 * @property {string} answer Markdown that names claims: [C1].
 * @property {readonly Claim[]} claims
 * @property {readonly { about: string, weighed: string }[]} disagreements
 * @property {readonly string[]} open
 */

/**
 * Reads a report from JSON of any shape, or says why it is none.
 *
 * @param {unknown} value
 * @returns {{ report: Report } | { problem: string }}
 */
export function readReport(value) {
  const { answer, claims, disagreements, open } = fieldsOf(value);
  if (!Array.isArray(claims)) return { problem: 'it has no list "claims"' };
  return {
    report: {
      answer: textOf(answer),
      claims: claims.map(readClaim),
      disagreements: listOf(disagreements).map(readDisagreement),
      open: textsOf(open),
    },
  };
}

/**
 * @param {unknown} value
 * @param {number} index
 * @returns {Claim}
 */
function readClaim(value, index) {
  const { id, claim, confidence, from, evidence } = fieldsOf(value);
  return {
    id: textOf(id) === "" ? `C${index + 1}` : textOf(id),
    claim: textOf(claim),
    confidence: textOf(confidence),
    from: textsOf(from),
    evidence: listOf(evidence).map(readEvidence),
  };
}

/** @param {unknown} value */
function readDisagreement(value) {
  const { about, weighed } = fieldsOf(value);
  return { about: textOf(about), weighed: textOf(weighed) };
}

/**
 * The files that a report's evidence names, each once.
 *
 * @param {Report} report
 */
export function filesOf(report) {
  const files = report.claims.flatMap(({ evidence }) =>
    evidence.flatMap((piece) => (piece.kind === "file" && piece.file !== "" ? [piece.file] : [])),
  );
  return [...new Set(files)];
}
