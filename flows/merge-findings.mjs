// @ts-check

// Makes one report of what several reviewers found: the same findings put together, the worst first, each with its place
// and with what became of its evidence.
//
// In the environment: REVIEWS, `[{persona, data}]` as JSON (without it, it is read from stdin); DIFF_FILE, STAGED or BASE,
// the diff that was reviewed, as for excerpt-diff.mjs; SUBJECT; ASKED, who was asked, as JSON. On stdout: the report in
// Markdown. Exit code 2: the reviews or the diff can't be read.

import { parseDiff } from "./diff/parse-diff.mjs";
import { diffSourceIn, takeDiff } from "./diff/take-diff.mjs";
import { readAsked } from "./evidence/asked.mjs";
import { parseJson } from "./evidence/json-shape.mjs";
import { readInput } from "./evidence/read-input.mjs";
import { readAllLines } from "./evidence/read-lines.mjs";
import { readReviews } from "./findings/finding.mjs";
import { filesOfFindings, judgeFinding } from "./findings/judge-finding.mjs";
import { mergeFindings } from "./findings/merge.mjs";
import { writeReview } from "./findings/write-review.mjs";

const diff = await takeDiff(diffSourceIn(process.env));
const root = "problem" in diff ? "" : diff.root;
const written = parseJson(await readInput("REVIEWS"));
const read = "problem" in written ? written : readReviews(written.value, root);
if ("problem" in read) fail(`The reviews can't be read: ${read.problem}`);
else if ("problem" in diff) fail(`The diff can't be read: ${diff.problem}`);
else {
  const { reviews } = read;
  const findings = reviews.flatMap((review) => review.findings);
  const texts = await readAllLines(root, filesOfFindings(findings));
  const files = parseDiff(diff.text);
  const merged = mergeFindings(findings.map((finding) => judgeFinding(finding, texts, files)));
  const subject = process.env["SUBJECT"] ?? "";
  const asked = readAsked(process.env["ASKED"] ?? "");
  process.stdout.write(writeReview({ subject, asked, reviews, findings: merged }));
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
