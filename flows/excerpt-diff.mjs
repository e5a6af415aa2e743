// @ts-check

// Prints a diff for a message to an agent: which files it changes, and as much of it as fits, in whole files.
//
// In the environment: DIFF_FILE, a file with a diff; or STAGED=yes, what is staged; or BASE, what has changed since a branch
// or commit (default HEAD). MAX_CHARACTERS, by default 60000. Exit code 1: nothing has changed; 2: there is no diff.

import { excerptDiff } from "./diff/excerpt-diff.mjs";
import { parseDiff } from "./diff/parse-diff.mjs";
import { diffSourceIn, takeDiff } from "./diff/take-diff.mjs";
import { calm } from "./evidence/markdown.mjs";

const diff = await takeDiff(diffSourceIn(process.env));
if ("problem" in diff) fail(2, `The diff can't be read: ${diff.problem}`);
else {
  const files = parseDiff(diff.text);
  if (diff.text.trim() === "" && diff.unknown.length === 0) fail(1, "Nothing has changed.");
  else if (diff.text.trim() === "") {
    fail(
      1,
      `Nothing has changed that git knows; add new files first: git add -N ${diff.unknown[0]}`,
    );
  } else if (files.length === 0) {
    fail(2, 'This is no diff: it has neither a line "diff --git" nor lines "---" and "+++".');
  } else {
    const limit = Number(process.env["MAX_CHARACTERS"] ?? "60000");
    process.stdout.write(
      calm(excerptDiff({ files, unknown: diff.unknown, root: diff.root }, limit)),
    );
  }
}

/**
 * @param {number} exitCode
 * @param {string} message
 */
function fail(exitCode, message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}
