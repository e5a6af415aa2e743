// @ts-check

import { readGitNames, readName } from "./file-name.mjs";

/**
 * The lines of one side of a hunk; `start` is the number of the first one, from 1.
 *
 * @typedef {{ start: number, lines: string[] }} Side
 */

/**
 * What a diff does to one file.
 *
 * @typedef {object} FileDiff
 * @property {string} path Its name afterwards, or before when it was deleted.
 * @property {string} oldPath
 * @property {"added" | "deleted" | "changed"} change
 * @property {number} added How many lines.
 * @property {number} removed
 * @property {boolean} isBinary
 * @property {boolean} isGit Whether git wrote it.
 * @property {{ old: Side, new: Side }[]} hunks
 * @property {string[]} text This file's part of the diff, word for word, in pieces.
 */

/**
 * Takes a unified diff apart, as git and diff write it. What stands before the first file is left out.
 *
 * @param {string} text
 * @returns {readonly FileDiff[]}
 */
export function parseDiff(text) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  /** @type {FileDiff[]} */
  const files = [];
  for (let at = 0; at < lines.length;) {
    if (beginsFile(lines, at, files.at(-1))) files.push(begin(lines[at] ?? ""));
    const current = files.at(-1);
    const hunk = current === undefined ? null : readHunk(lines, at);
    const end = hunk === null ? at + 1 : hunk.end;
    if (current !== undefined) add(current, lines.slice(at, end), hunk);
    at = end;
  }
  return files;
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 * @param {FileDiff | undefined} current
 */
function beginsFile(lines, at, current) {
  if (lines[at]?.startsWith("diff --git ") === true) return true;
  const isPair =
    lines[at]?.startsWith("--- ") === true && lines[at + 1]?.startsWith("+++ ") === true;
  return isPair && (current === undefined || !current.isGit || current.hunks.length > 0);
}

/**
 * @param {string} line
 * @returns {FileDiff}
 */
function begin(line) {
  const isGit = line.startsWith("diff --git ");
  const names = isGit ? readGitNames(line.slice("diff --git ".length)) : { old: "", new: "" };
  return {
    path: names.new,
    oldPath: names.old,
    change: "changed",
    added: 0,
    removed: 0,
    isBinary: false,
    isGit,
    hunks: [],
    text: [],
  };
}

/**
 * @param {FileDiff} file
 * @param {readonly string[]} lines
 * @param {Hunk | null} hunk
 */
function add(file, lines, hunk) {
  file.text.push(lines.join("\n"));
  if (hunk === null) readHeader(file, lines[0] ?? "");
  else {
    file.hunks.push({ old: hunk.old, new: hunk.new });
    file.added += hunk.added;
    file.removed += hunk.removed;
  }
}

/**
 * @param {FileDiff} file
 * @param {string} line
 */
function readHeader(file, line) {
  if (file.hunks.length > 0) return;
  const [, word = "", rest = ""] =
    /^(---|\+\+\+|rename from|rename to|copy from|copy to|new file|deleted file|Binary files|GIT binary patch)(.*)$/s.exec(
      line,
    ) ?? [];
  switch (word) {
    case "---":
      return readSide(file, "oldPath", rest, "added");
    case "+++":
      return readSide(file, "path", rest, "deleted");
    case "rename from":
    case "copy from":
      file.oldPath = readName(rest.trim());
      return;
    case "rename to":
    case "copy to":
      file.path = readName(rest.trim());
      return;
    case "new file":
      file.change = "added";
      return;
    case "deleted file":
      file.change = "deleted";
      return;
    case "Binary files":
    case "GIT binary patch":
      file.isBinary = true;
  }
}

/**
 * @param {FileDiff} file
 * @param {"path" | "oldPath"} side
 * @param {string} rest
 * @param {"added" | "deleted"} whenNone What it means that there is no file on this side.
 */
function readSide(file, side, rest, whenNone) {
  const name = readName(rest.trim().split("\t")[0] ?? "", file.isGit ? "prefixed" : "as-is");
  if (name === "/dev/null") file.change = whenNone;
  else {
    file[side] = name;
    const other = side === "path" ? "oldPath" : "path";
    if (file[other] === "") file[other] = name;
  }
}

/**
 * @typedef {{ old: Side, new: Side, added: number, removed: number, end: number }} Hunk
 */

/**
 * The hunk that begins at a line, or null. Its lines are counted, so that a changed line that looks like a header is none.
 *
 * @param {readonly string[]} lines
 * @param {number} at
 * @returns {Hunk | null}
 */
function readHunk(lines, at) {
  const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[at] ?? "");
  if (head === null) return null;
  const [, oldStart, oldCount = "1", newStart, newCount = "1"] = head;
  /** @type {Hunk} */
  const hunk = {
    old: { start: Number(oldStart), lines: [] },
    new: { start: Number(newStart), lines: [] },
    added: 0,
    removed: 0,
    end: at + 1,
  };
  const isOpen = () =>
    hunk.old.lines.length < Number(oldCount) || hunk.new.lines.length < Number(newCount);
  while (hunk.end < lines.length && (isOpen() || lines[hunk.end]?.startsWith("\\") === true)) {
    if (!takeLine(hunk, lines[hunk.end] ?? "")) break;
    hunk.end += 1;
  }
  return hunk;
}

/**
 * Whether the line belongs to the hunk; then it is in it.
 *
 * @param {Hunk} hunk
 * @param {string} line
 */
function takeLine(hunk, line) {
  const text = line.slice(1);
  switch (line[0]) {
    case "-":
      hunk.old.lines.push(text);
      hunk.removed += 1;
      return true;
    case "+":
      hunk.new.lines.push(text);
      hunk.added += 1;
      return true;
    case " ":
    case "\r":
    case undefined:
      hunk.old.lines.push(text);
      hunk.new.lines.push(text);
      return true;
    default:
      return line[0] === "\\";
  }
}
