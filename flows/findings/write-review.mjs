// @ts-check

import { inlineCode, oneLine } from "../evidence/markdown.mjs";
import { standingWords, writeEvidence } from "../evidence/write-evidence.mjs";
import { severities } from "./finding.mjs";
import { voicesOf } from "./merge.mjs";
/** @import { Finding, Review, Severity } from "./finding.mjs" */
/** @import { Merged } from "./merge.mjs" */

/**
 * @typedef {object} ReviewReport
 * @property {string} subject What was reviewed.
 * @property {readonly { persona: string, status: string }[]} asked
 * @property {readonly Review[]} reviews
 * @property {readonly Merged[]} findings Ranked.
 */

/**
 * The report of a review as Markdown: findings by severity, each with its place, its evidence, and who saw it.
 *
 * @param {ReviewReport} report
 */
export function writeReview({ subject, asked, reviews, findings }) {
  const sections = [
    `# Review of ${oneLine(subject) || "a change"}`,
    summarize(reviews, findings),
    ...severities.map((severity) => writeSeverity(severity, findings, reviews.length)),
    writeList("Looked at and found right", reviews, ({ looked }) => looked),
    writeList("Not verified", reviews, ({ notVerified }) => notVerified),
    writeSilent(asked),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

/**
 * @param {readonly Review[]} reviews
 * @param {readonly Merged[]} findings
 */
function summarize(reviews, findings) {
  const told = reviews.reduce((sum, review) => sum + review.findings.length, 0);
  const by = `${reviews.length} ${reviews.length === 1 ? "reviewer" : "reviewers"}: ${reviews.map(({ persona }) => oneLine(persona)).join(", ")}.`;
  if (findings.length === 0) return `No findings. ${by}`;
  const counts = severities
    .map((severity) => ({
      severity,
      count: findings.filter(([{ finding }]) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`);
  const merged =
    told === findings.length ? "" : ` ${told} findings were put together to ${findings.length}.`;
  return `**${counts.join(", ")}.**${merged} ${by}`;
}

/**
 * @param {Severity} severity
 * @param {readonly Merged[]} findings
 * @param {number} reviewers
 */
function writeSeverity(severity, findings, reviewers) {
  const parts = findings.flatMap((merged, index) =>
    merged[0].finding.severity === severity ? [writeFinding(merged, index + 1, reviewers)] : [],
  );
  const title = `${severity.slice(0, 1).toUpperCase()}${severity.slice(1)}`;
  return parts.length === 0 ? "" : [`## ${title}`, ...parts].join("\n\n");
}

/**
 * @param {Merged} merged
 * @param {number} number
 * @param {number} reviewers
 */
function writeFinding(merged, number, reviewers) {
  const [{ finding, standing, evidence }, ...others] = merged;
  const voices = voicesOf(merged);
  const place = placeOf(finding);
  const parts = [
    `### ${number}. ${oneLine(finding.title) || "A finding without a title"}`,
    [
      ...(place === "" ? [] : [inlineCode(place)]),
      standingWords[standing],
      `seen by ${voices.map(oneLine).join(", ")} (${voices.length} of ${reviewers})`,
    ].join(" · "),
    oneLine(finding.problem),
    labeled("What follows", finding.consequence),
    labeled("Fix", finding.fix),
    ...evidence.map(writeEvidence),
    others.map(({ finding: other }) => writeOther(other)).join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** @param {Finding} finding */
function placeOf({ file, line }) {
  if (file === null) return "";
  return line === null ? file : `${file}:${line}`;
}

/**
 * @param {string} label
 * @param {string} text
 */
function labeled(label, text) {
  return oneLine(text) === "" ? "" : `**${label}:** ${oneLine(text)}`;
}

/** @param {Finding} finding */
function writeOther(finding) {
  const place = placeOf(finding);
  const words = [finding.title, finding.problem, finding.fix]
    .map(oneLine)
    .filter((text) => text !== "");
  return `- ${oneLine(finding.by)} (${finding.severity}${place === "" ? "" : `, ${inlineCode(place)}`}): ${words.join(" — ")}`;
}

/**
 * @param {string} title
 * @param {readonly Review[]} reviews
 * @param {(review: Review) => readonly string[]} choose
 */
function writeList(title, reviews, choose) {
  const lines = reviews.flatMap((review) =>
    choose(review).map((text) => `- ${oneLine(review.persona)}: ${oneLine(text)}`),
  );
  return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}`;
}

/** @param {ReviewReport["asked"]} asked */
function writeSilent(asked) {
  const silent = asked.filter(({ status }) => status !== "done");
  if (silent.length === 0) return "";
  return `## Without an answer\n\n${silent.map(({ persona, status }) => `- ${oneLine(persona)} (${oneLine(status)})`).join("\n")}`;
}
