// @ts-check

import { blocksOf, isUnfounded, rewriteClaimNames } from "./answer.mjs";
import { calm, oneLine } from "./markdown.mjs";
import { standingWords, writeEvidence } from "./write-evidence.mjs";
/** @import { JudgedClaim, Standing, Verdict } from "./judge-report.mjs" */
/** @import { Report } from "./report.mjs" */

/**
 * @typedef {object} Investigation
 * @property {string} question
 * @property {readonly { persona: string, status: string }[]} asked
 * @property {Report} report
 * @property {Verdict} verdict
 */

/**
 * The report of an investigation as Markdown. What has no evidence that holds says so.
 *
 * @param {Investigation} investigation
 */
export function writeReport({ question, asked, report, verdict }) {
  const sections = [
    `# ${oneLine(question) || "Report"}`,
    writeAnswer(report.answer, verdict.claims),
    `## Claims\n\n${verdict.claims.map(writeClaim).join("\n\n") || "None."}`,
    list(
      "Where they disagreed",
      report.disagreements.map(({ about, weighed }) => `**${oneLine(about)}** ${oneLine(weighed)}`),
    ),
    list("Open", report.open.map(oneLine)),
    list("What does not hold", verdict.problems.map(oneLine)),
    `## How this was checked\n\n${howChecked(asked, verdict)}`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

/**
 * @param {string} answer
 * @param {readonly JudgedClaim[]} claims
 */
function writeAnswer(answer, claims) {
  const standings = new Map(claims.map(({ claim, standing }) => [claim.id, standing]));
  /** @param {string} id */
  const name = (id) => (isProved(standings.get(id)) ? id : `${id}: not verified`);
  return blocksOf(calm(answer))
    .map((block) => {
      if (block.kind === "code") return block.text;
      if (block.kind === "heading") return block.text.replace(/^ {0,3}#{1,2}(?!#)/, "###");
      const text = rewriteClaimNames(block.text, name);
      return isUnfounded(block)
        ? `${text}\n\n*(No claim stands behind this: not verified.)*`
        : text;
    })
    .join("\n\n");
}

/** @param {Standing | undefined} standing */
function isProved(standing) {
  return standing === "found" || standing === "stated";
}

/** @param {JudgedClaim} judged */
function writeClaim({ claim, standing, evidence }) {
  const facts = [
    standingWords[standing],
    ...(claim.confidence === "" ? [] : [`confidence ${oneLine(claim.confidence)}`]),
    ...(claim.from.length === 0 ? [] : [`from ${claim.from.map(oneLine).join(", ")}`]),
  ];
  return [
    `**${oneLine(claim.id)}** ${oneLine(claim.claim)}`,
    facts.join(" · "),
    ...evidence.map(writeEvidence),
  ].join("\n\n");
}

/**
 * @param {string} title
 * @param {readonly string[]} items
 */
function list(title, items) {
  return items.length === 0 ? "" : `## ${title}\n\n${items.map((item) => `- ${item}`).join("\n")}`;
}

/**
 * @param {Investigation["asked"]} asked
 * @param {Verdict} verdict
 */
function howChecked(asked, { claims }) {
  const count = (/** @type {Standing} */ standing) =>
    claims.filter((claim) => claim.standing === standing).length;
  const lines = [
    `${claims.length} claims: ${count("found")} with a quote that was found in its file, ${count("stated")} with a command's output that was not run again, ${count("not-verified")} not verified.`,
  ];
  const answered = asked
    .filter(({ status }) => status === "done")
    .map(({ persona }) => oneLine(persona));
  const silent = asked
    .filter(({ status }) => status !== "done")
    .map(({ persona, status }) => `${oneLine(persona)} (${oneLine(status)})`);
  if (answered.length > 0) lines.push(`Asked: ${answered.join(", ")}.`);
  if (silent.length > 0) lines.push(`Without an answer: ${silent.join(", ")}.`);
  return lines.join("\n");
}
