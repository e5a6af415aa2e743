// @ts-check

/** @import { FileDiff } from "./parse-diff.mjs" */

/** So many files are listed by name. */
const MAX_LISTED = 300;
const MAX_UNKNOWN = 20;

/**
 * A diff, the folder that its names are relative to, and files that git does not know.
 *
 * @typedef {{ files: readonly FileDiff[], root: string, unknown: readonly string[] }} WholeDiff
 */

/**
 * As much of a diff as fits, in whole files, and in any case which files there are. Small files go first, and files that
 * nobody writes by hand last, so that one huge file does not keep all others out.
 *
 * @param {WholeDiff} diff
 * @param {number} maxCharacters
 */
export function excerptDiff({ files, root, unknown }, maxCharacters) {
  const shown = chooseFiles(files, maxCharacters);
  const hidden = files.length - shown.size;
  const parts = [
    `${count(files.length, "file")} changed, ${count(total(files, "added"), "line")} added, ${total(files, "removed")} removed; names are relative to ${root}:`,
    listFiles(files, shown),
    unknown.length === 0
      ? ""
      : `Not in the diff, because git does not know them: ${unknown.slice(0, MAX_UNKNOWN).join(", ")}${unknown.length > MAX_UNKNOWN ? ` and ${unknown.length - MAX_UNKNOWN} more` : ""}.`,
    hidden === 0
      ? ""
      : `The diff of ${count(hidden, "file")} is too long and not shown; read the files themselves.`,
    ...files.filter((file) => shown.has(file)).map(({ text }) => text.join("\n")),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
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
