// @ts-check

/** So far from the line that it names a quoted text may stand. */
export const NEAR_LINES = 5;

/** So many characters a quote needs to prove anything, unless it is the whole line. */
const LEAST_CHARACTERS = 8;

/**
 * Where a quoted text stands: `near` the line that was named, `elsewhere` at another line, `nowhere`, or it is `too-short`
 * to be told from chance.
 *
 * @typedef {{ place: "near" | "elsewhere", line: number } | { place: "nowhere" | "too-short" }} QuotePlace
 */

/**
 * Looks for a quote in the lines of a text, nearest to the line that was named (from 1). White space does not count, so
 * that an indented or wrapped quote is found.
 *
 * @param {readonly string[]} lines
 * @param {number} line
 * @param {string} quote
 * @returns {QuotePlace}
 */
export function findQuote(lines, line, quote) {
  const wanted = withoutSpace(quote);
  if (wanted === "") return { place: "too-short" };
  const bare = lines.map(withoutSpace);
  if (wanted.length < LEAST_CHARACTERS) return findWholeLine(bare, line, wanted);
  const found = nearestOccurrence(bare, line, wanted);
  return found === null ? { place: "nowhere" } : placeOf(found, line);
}

/**
 * @param {readonly string[]} bare
 * @param {number} line
 * @param {string} wanted
 * @returns {QuotePlace}
 */
function findWholeLine(bare, line, wanted) {
  const from = Math.max(0, line - 1 - NEAR_LINES);
  const index = bare.slice(from, Math.max(0, line + NEAR_LINES)).indexOf(wanted);
  if (index >= 0) return { place: "near", line: from + index + 1 };
  return { place: bare.some((text) => text.includes(wanted)) ? "too-short" : "nowhere" };
}

/**
 * @typedef {{ first: number, last: number }} Span The lines of an occurrence, from 1.
 * @param {readonly string[]} bare
 * @param {number} line
 * @param {string} wanted
 * @returns {Span | null}
 */
function nearestOccurrence(bare, line, wanted) {
  const starts = lineStarts(bare);
  const text = bare.join("");
  /** @type {Span | null} */
  let nearest = null;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const span = { first: lineAt(starts, at), last: lineAt(starts, at + wanted.length - 1) };
    if (nearest === null || distance(span, line) < distance(nearest, line)) nearest = span;
    else if (span.first > line) break;
  }
  return nearest;
}

/**
 * @param {Span} span
 * @param {number} line
 * @returns {QuotePlace}
 */
function placeOf(span, line) {
  return { place: distance(span, line) <= NEAR_LINES ? "near" : "elsewhere", line: span.first };
}

/**
 * @param {Span} span
 * @param {number} line
 */
function distance({ first, last }, line) {
  return Math.max(first - line, line - last, 0);
}

/**
 * At which character of the joined text each line begins.
 *
 * @param {readonly string[]} bare
 */
function lineStarts(bare) {
  let at = 0;
  return bare.map((text) => {
    const start = at;
    at += text.length;
    return start;
  });
}

/**
 * The last line that begins at or before a character: an empty line begins where the next one does.
 *
 * @param {readonly number[]} starts
 * @param {number} at
 */
function lineAt(starts, at) {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** @param {string} text */
function withoutSpace(text) {
  return text.replaceAll(/\s+/g, "");
}
