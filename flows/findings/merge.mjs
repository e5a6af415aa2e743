// @ts-check

import { severities } from "./finding.mjs";
import { isSameFinding } from "./same-finding.mjs";
/** @import { JudgedFinding } from "./judge-finding.mjs" */

/**
 * Findings that are one: the weightiest first, then the same in others' words. Nothing of them is lost.
 *
 * @typedef {readonly [JudgedFinding, ...JudgedFinding[]]} Merged
 */

/**
 * Puts findings that are the same together and ranks them: by severity, then by how well they are proved, then by how many
 * reviewers saw them. The order in which they come in does not matter.
 *
 * @param {readonly JudgedFinding[]} findings
 * @returns {readonly Merged[]}
 */
export function mergeFindings(findings) {
  /** @type {[JudgedFinding, ...JudgedFinding[]][]} */
  const groups = [];
  for (const judged of [...findings].sort(byWeight)) {
    const group = groups.find(([first]) => isSameFinding(first.finding, judged.finding));
    if (group === undefined) groups.push([judged]);
    else group.push(judged);
  }
  return groups.sort(
    (a, b) =>
      bySeverity(a[0], b[0]) ||
      byProof(a[0], b[0]) ||
      voicesOf(b).length - voicesOf(a).length ||
      byPlace(a[0], b[0]),
  );
}

/**
 * Who has seen it.
 *
 * @param {Merged} merged
 */
export function voicesOf(merged) {
  return [...new Set(merged.map(({ finding }) => finding.by))].sort();
}

/**
 * @param {JudgedFinding} a
 * @param {JudgedFinding} b
 */
function byWeight(a, b) {
  return bySeverity(a, b) || byProof(a, b) || byPlace(a, b);
}

/**
 * @param {JudgedFinding} a
 * @param {JudgedFinding} b
 */
function bySeverity({ finding: a }, { finding: b }) {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

const standings = ["found", "stated", "not-verified"];

/**
 * @param {JudgedFinding} a
 * @param {JudgedFinding} b
 */
function byProof(a, b) {
  return standings.indexOf(a.standing) - standings.indexOf(b.standing);
}

/**
 * @param {JudgedFinding} a
 * @param {JudgedFinding} b
 */
function byPlace({ finding: a }, { finding: b }) {
  return (
    compare(a.file ?? "", b.file ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compare(a.title, b.title) ||
    compare(a.problem, b.problem) ||
    compare(a.by, b.by)
  );
}

/**
 * The same on every machine, whatever its language.
 *
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
