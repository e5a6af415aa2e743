// @ts-check

// Checks that every claim of a report has its evidence: that a file has the line that is named and the quoted text stands
// near it, that a command has an output, or that the claim says that it is not verified.
//
// In the environment: REPORT, the report as JSON (without it, it is read from stdin); QUESTION; ASKED, who was asked, as
// JSON. Files are those of the working folder. On stdout: the report in Markdown, with each claim as it stands. On stderr:
// what does not hold. Exit code 0: everything holds; 1: something does not; 2: there is no report.

import { readAsked } from "./evidence/asked.mjs";
import { judgeReport } from "./evidence/judge-report.mjs";
import { parseJson } from "./evidence/json-shape.mjs";
import { oneLine } from "./evidence/markdown.mjs";
import { readInput } from "./evidence/read-input.mjs";
import { readAllLines } from "./evidence/read-lines.mjs";
import { filesOf, readReport } from "./evidence/report.mjs";
import { writeReport } from "./evidence/write-report.mjs";

const written = parseJson(await readInput("REPORT"));
const read = "problem" in written ? written : readReport(written.value);
if ("problem" in read) {
  process.stderr.write(`The report can't be read: ${read.problem}\n`);
  process.exitCode = 2;
} else {
  const { report } = read;
  const verdict = judgeReport(report, await readAllLines(process.cwd(), filesOf(report)));
  const question = process.env["QUESTION"] ?? "";
  const asked = readAsked(process.env["ASKED"] ?? "");
  process.stdout.write(writeReport({ question, asked, report, verdict }));
  for (const problem of verdict.problems) process.stderr.write(`${oneLine(problem)}\n`);
  process.exitCode = verdict.problems.length === 0 ? 0 : 1;
}
