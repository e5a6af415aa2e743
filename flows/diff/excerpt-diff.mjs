// @ts-check

/** @import { FileDiff } from "./parse-diff.mjs" */

/** So many files are listed by name. */
const MAX_LISTED = 300;

/**
 * As much of a diff as fits, in whole files, and in any case which files there are. Small files go first, and files that
 * nobody writes by hand last, so that one huge file does not keep all others out.
 *
 * @param {readonly FileDiff[]} files
 * @param {number} maxCharacters
 */
export function excerptDiff(files, maxCharacters) {
  const shown = chooseFiles(files, maxCharacters);
  const hidden = files.filter((file) => !shown.has(file));
  const parts = [
    `${count(files.length, "file")} changed, ${total(files, "added")} lines added, ${total(files, "removed")} removed:`,
    listFiles(files, shown),
    ...(hidden.length === 0
      ? []
      : [
          `The diff of ${count(hidden.length, "file")} is not shown here because it is too long; they are marked with "not shown".`,
        ]),
    ...files.filter((file) => shown.has(file)).map(({ text }) => text.join("\n")),
  ];
  return `${parts.join("\n\n")}\n`;
}

/**
 * @param {readonly FileDiff[]} files
 * @param {number} maxCharacters
 * @returns {ReadonlySet<FileDiff>}
 */
function chooseFiles(files, maxCharacters) {
  const bySize = files
    .map((file) => ({ file, size: sizeOf(file), isMade: isMadeByProgram(file.path) }))
    .sort((a, b) => Number(a.isMade) - Number(b.isMade) || a.size - b.size);
  /** @type {Set<FileDiff>} */
  const chosen = new Set();
  let left = maxCharacters;
  for (const { file, size } of bySize) {
    if (size > left) continue;
    chosen.add(file);
    left -= size;
  }
  return chosen;
}

/** @param {FileDiff} file */
function sizeOf({ text }) {
  return text.reduce((size, piece) => size + piece.length + 1, 0);
}

/** @param {string} path */
function isMadeByProgram(path) {
  return /(^|\/)(package-lock\.json|[^/]*\.lock|[^/]*-lock\.ya?ml|go\.sum|[^/]*\.min\.(js|css)|[^/]*\.map|[^/]*\.snap)$/.test(
    path,
  );
}

/**
 * @param {readonly FileDiff[]} files
 * @param {ReadonlySet<FileDiff>} shown
 */
function listFiles(files, shown) {
  const lines = files.slice(0, MAX_LISTED).map((file) => {
    const name = file.oldPath === file.path ? file.path : `${file.oldPath} -> ${file.path}`;
    const size = file.isBinary ? "binary" : `+${file.added} -${file.removed}`;
    return `- ${name} (${file.change}, ${size})${shown.has(file) ? "" : ", not shown"}`;
  });
  if (files.length > MAX_LISTED)
    lines.push(`- and ${count(files.length - MAX_LISTED, "more file")}`);
  return lines.join("\n");
}

/**
 * @param {number} number
 * @param {string} word
 */
function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/**
 * @param {readonly FileDiff[]} files
 * @param {"added" | "removed"} what
 */
function total(files, what) {
  return files.reduce((sum, file) => sum + file[what], 0);
}
