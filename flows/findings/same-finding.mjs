// @ts-check

/** @import { Finding } from "./finding.mjs" */

/**
 * Whether two findings are most likely the same one in other words: in the same file, about the same place, with so many
 * words in common. The further apart they stand, the more alike they must sound; what one reviewer keeps apart stays apart
 * unless it is the same text.
 *
 * @param {Finding} one
 * @param {Finding} other
 */
export function isSameFinding(one, other) {
  if (one.file !== other.file) return false;
  const likeness = likenessOf(wordsOf(one), wordsOf(other));
  if (one.by === other.by) return one.line === other.line && likeness >= 0.9;
  return likeness >= leastLikeness(one, other);
}

/**
 * @param {Finding} one
 * @param {Finding} other
 */
function leastLikeness(one, other) {
  if (one.line === null || other.line === null) return 0.6;
  const distance = Math.abs(one.line - other.line);
  if (distance <= 3) return 0.3;
  return distance <= 20 ? 0.5 : 0.75;
}

/**
 * Which part of the smaller set is in both.
 *
 * @param {ReadonlySet<string>} one
 * @param {ReadonlySet<string>} other
 */
function likenessOf(one, other) {
  const smaller = Math.min(one.size, other.size);
  if (smaller === 0) return 0;
  return [...one].filter((word) => other.has(word)).length / smaller;
}

/** @param {Finding} finding */
function wordsOf({ title, problem }) {
  const words = `${title} ${problem}`
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2 && !common.has(word));
  return new Set(words.map(stem));
}

/** @param {string} word */
function stem(word) {
  return word.length > 4 ? word.replace(/(ies|ing|ed|es|s)$/, "") : word;
}

const common = new Set(
  "the and for are but not you all any can has have had was were will with this that from they then than when what which who why how its into only also does did done because there here where would could should must may line file code function value".split(
    " ",
  ),
);
