// @ts-check

const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text without characters that steer a terminal or turn the direction of writing; line breaks and tabs stay.
 *
 * @param {string} text
 */
export function calm(text) {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(unsafe, (char) => (char === "\n" || char === "\t" ? char : ""));
}

/**
 * The same on one line, so that it can't begin a heading or a list of its own.
 *
 * @param {string} text
 */
export function oneLine(text) {
  return calm(text).replaceAll(/\s+/g, " ").trim();
}

/**
 * A text as code in the line; no backtick in it ends it.
 *
 * @param {string} text
 */
export function inlineCode(text) {
  const line = oneLine(text);
  const marks = "`".repeat(longestRun(line) + 1);
  return line.startsWith("`") || line.endsWith("`")
    ? `${marks} ${line} ${marks}`
    : `${marks}${line}${marks}`;
}

/**
 * A text as a block of code, in so many spaces; no backtick in it ends it.
 *
 * @param {string} text
 * @param {string} indent
 */
export function codeBlock(text, indent) {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return [fence, ...calm(text).replace(/\n+$/, "").split("\n"), fence]
    .map((line) => `${indent}${line}`)
    .join("\n");
}

/** @param {string} text */
function longestRun(text) {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
