// @ts-check

/**
 * The fields of a JSON object; none when it is something else.
 *
 * @param {unknown} value
 * @returns {Readonly<Record<string, unknown>>}
 */
export function fieldsOf(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/**
 * A text; empty when it is something else.
 *
 * @param {unknown} value
 */
export function textOf(value) {
  return typeof value === "string" ? value : "";
}

/**
 * A list; empty when it is something else.
 *
 * @param {unknown} value
 * @returns {readonly unknown[]}
 */
export function listOf(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * The texts of a list that say something.
 *
 * @param {unknown} value
 */
export function textsOf(value) {
  return listOf(value)
    .map(textOf)
    .filter((text) => text.trim() !== "");
}

/**
 * The JSON value of a text, or why there is none.
 *
 * @param {string} text
 * @returns {{ value: unknown } | { problem: string }}
 */
export function parseJson(text) {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
