// @ts-check

import { blocksOf, claimsNamedIn, isUnfounded } from "./answer.mjs";
import { judgeEvidence, nameEvidence } from "./evidence.mjs";
/** @import { JudgedEvidence } from "./evidence.mjs" */
/** @import { Lines } from "./read-lines.mjs" */
/** @import { Claim, Report } from "./report.mjs" */

/**
 * How a claim stands, from the best of its evidence.
 *
 * @typedef {"found" | "stated" | "not-verified"} Standing
 */

/**
 * @typedef {object} JudgedClaim
 * @property {Claim} claim
 * @property {Standing} standing
 * @property {readonly JudgedEvidence[]} evidence
 */

/**
 * @typedef {object} Verdict
 * @property {readonly JudgedClaim[]} claims
 * @property {readonly string[]} problems What whoever wrote the report has to put right; empty when every claim has what it needs.
 */

/**
 * Checks that everything a report says has its evidence, or says that it is not verified.
 *
 * @param {Report} report
 * @param {ReadonlyMap<string, Lines>} texts The files that the evidence names.
 * @returns {Verdict}
 */
export function judgeReport(report, texts) {
  const claims = report.claims.map((claim) => judgeClaim(claim, texts));
  const problems = [
    ...(claims.length === 0 ? ["There are no claims."] : []),
    ...sameIds(claims),
    ...claims.flatMap(claimProblems),
    ...answerProblems(report.answer, new Set(claims.map(({ claim }) => claim.id))),
  ];
  return { claims, problems };
}

/**
 * @param {Claim} claim
 * @param {ReadonlyMap<string, Lines>} texts
 * @returns {JudgedClaim}
 */
function judgeClaim(claim, texts) {
  const evidence = claim.evidence.map((piece) => ({
    evidence: piece,
    judgment: judgeEvidence(piece, texts),
  }));
  return { claim, evidence, standing: standingOf(evidence) };
}

/**
 * How a statement stands that rests on this.
 *
 * @param {readonly JudgedEvidence[]} evidence
 * @returns {Standing}
 */
export function standingOf(evidence) {
  const standings = new Set(evidence.map(({ judgment }) => judgment.standing));
  if (standings.has("found")) return "found";
  return standings.has("stated") ? "stated" : "not-verified";
}

/**
 * @param {JudgedClaim} judged
 * @returns {readonly string[]}
 */
function claimProblems({ claim, evidence, standing }) {
  const problems = evidence.flatMap(({ evidence: piece, judgment }) =>
    judgment.standing === "broken"
      ? [`${claim.id}: ${nameEvidence(piece)}: ${judgment.problem}.`]
      : [],
  );
  if (claim.claim.trim() === "") problems.push(`${claim.id}: it says nothing.`);
  if (evidence.length === 0) {
    problems.push(
      `${claim.id}: it has no evidence. Give some, or mark it as not verified and say why.`,
    );
  } else if (standing === "not-verified" && claim.confidence === "high" && problems.length === 0) {
    problems.push(`${claim.id}: it is not verified, so its confidence can't be high.`);
  }
  return problems;
}

/** @param {readonly JudgedClaim[]} claims */
function sameIds(claims) {
  const ids = claims.map(({ claim }) => claim.id);
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...twice].map((id) => `${id}: several claims have this id.`);
}

/**
 * @param {string} answer
 * @param {ReadonlySet<string>} known
 */
function answerProblems(answer, known) {
  const unknown = new Set(claimsNamedIn(answer).filter((id) => !known.has(id)));
  return [
    ...[...unknown].map((id) => `The answer names ${id}, and there is no such claim.`),
    ...blocksOf(answer)
      .filter(isUnfounded)
      .map(({ text }) => `This part of the answer names no claim: "${beginning(text)}"`),
  ];
}

/** @param {string} text */
function beginning(text) {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
