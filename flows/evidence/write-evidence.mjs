// @ts-check

import { codeBlock, inlineCode, oneLine } from "./markdown.mjs";
/** @import { JudgedEvidence } from "./evidence.mjs" */

/** How a statement stands, for readers. */
export const standingWords = {
  found: "evidence found",
  stated: "a command's output, as stated",
  "not-verified": "**not verified**",
};

/**
 * A piece of evidence as an item of a Markdown list.
 *
 * @param {JudgedEvidence} judged
 */
export function writeEvidence({ evidence, judgment }) {
  const problem =
    judgment.standing === "broken" ? `: does not hold, ${oneLine(judgment.problem)}` : "";
  switch (evidence.kind) {
    case "file": {
      const place = inlineCode(`${evidence.file}:${evidence.line}`);
      return problem === ""
        ? `- ${place}\n\n${codeBlock(evidence.quote, "  ")}`
        : `- ${place}${problem}`;
    }
    case "command":
      return problem === ""
        ? `- ${inlineCode(evidence.command)} printed, as stated:\n\n${codeBlock(evidence.output, "  ")}`
        : `- ${inlineCode(evidence.command)}${problem}`;
    case "not-verified":
      return `- not verified: ${oneLine(evidence.why) || "no reason given"}`;
    case "unknown":
      return `- evidence${problem}`;
  }
}
