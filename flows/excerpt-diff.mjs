// @ts-check

// Prints a diff for a message to an agent: which files it changes, and as much of it as fits, in whole files.
//
// In the environment: DIFF_FILE; MAX_CHARACTERS, by default 60000. Exit code 1: it changes nothing; 2: it can't be read or
// is no diff.

import { excerptDiff } from "./diff/excerpt-diff.mjs";
import { parseDiff } from "./diff/parse-diff.mjs";
import { readDiff } from "./diff/read-diff.mjs";
import { calm } from "./evidence/markdown.mjs";

const diff = await readDiff(process.env["DIFF_FILE"] ?? "");
if ("problem" in diff) fail(2, `The diff can't be read: ${diff.problem}`);
else if (diff.text.trim() === "") fail(1, "The diff is empty: nothing has changed.");
else {
  const files = parseDiff(diff.text);
  const limit = Number(process.env["MAX_CHARACTERS"] ?? "60000");
  if (files.length === 0)
    fail(2, 'This is not a diff: it has neither a line "diff --git" nor lines "---" and "+++".');
  else process.stdout.write(calm(excerptDiff(files, limit)));
}

/**
 * @param {number} exitCode
 * @param {string} message
 */
function fail(exitCode, message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}
