// @ts-check

import { fieldsOf, listOf, textOf, textsOf } from "../evidence/json-shape.mjs";
import { readEvidence } from "../evidence/evidence.mjs";
/** @import { Evidence } from "../evidence/evidence.mjs" */

/** How bad a finding is, the worst first. */
export const severities = /** @type {const} */ (["critical", "major", "minor", "nit"]);

/**
 * @typedef {(typeof severities)[number]} Severity
 */

/**
 * @typedef {object} Finding
 * @property {string} by The persona.
 * @property {Severity} severity
 * @property {string} title
 * @property {string | null} file Null when it concerns the change as a whole.
 * @property {number | null} line
 * @property {string} problem
 * @property {string} consequence
 * @property {string} fix
 * @property {readonly Evidence[]} evidence
 */

/**
 * What one reviewer hands over.
 *
 * @typedef {object} Review
 * @property {string} persona
 * @property {readonly Finding[]} findings
 * @property {readonly string[]} looked What was looked at and found right.
 * @property {readonly string[]} notVerified
 */

/**
 * Reads reviews, `[{persona, data}]`, from JSON of any shape, or says why there are none.
 *
 * @param {unknown} value
 * @param {string} root The folder that names of files are relative to.
 * @returns {{ reviews: readonly Review[] } | { problem: string }}
 */
export function readReviews(value, root) {
  if (!Array.isArray(value)) return { problem: "it is not a list" };
  return { reviews: value.map((one) => readReview(one, root)) };
}

/**
 * @param {unknown} value
 * @param {string} root
 * @returns {Review}
 */
function readReview(value, root) {
  const { persona, data } = fieldsOf(value);
  const { findings, looked, notVerified } = fieldsOf(data);
  const by = textOf(persona) === "" ? "a reviewer" : textOf(persona);
  return {
    persona: by,
    findings: listOf(findings).map((finding) => readFinding(finding, by, root)),
    looked: textsOf(looked),
    notVerified: textsOf(notVerified),
  };
}

/**
 * @param {unknown} value
 * @param {string} by
 * @param {string} root
 * @returns {Finding}
 */
function readFinding(value, by, root) {
  const { severity, title, file, line, problem, consequence, fix, evidence } = fieldsOf(value);
  const name = nameFrom(textOf(file), root);
  return {
    by,
    severity: severities.find((known) => known === severity) ?? "minor",
    title: textOf(title),
    file: name === "" ? null : name,
    line:
      name !== "" && typeof line === "number" && Number.isInteger(line) && line > 0 ? line : null,
    problem: textOf(problem),
    consequence: textOf(consequence),
    fix: textOf(fix),
    evidence: listOf(evidence).map((piece) => withName(readEvidence(piece), root)),
  };
}

/**
 * @param {Evidence} evidence
 * @param {string} root
 * @returns {Evidence}
 */
function withName(evidence, root) {
  return evidence.kind === "file" ? { ...evidence, file: nameFrom(evidence.file, root) } : evidence;
}

/**
 * One name for one file: `./a.ts` and `/the/root/a.ts` are `a.ts`.
 *
 * @param {string} written
 * @param {string} root
 */
function nameFrom(written, root) {
  const file = written.trim();
  const below = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  return below.replace(/^(\.\/+)+/, "");
}
