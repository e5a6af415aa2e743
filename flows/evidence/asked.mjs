// @ts-check

import { fieldsOf, listOf, parseJson, textOf } from "./json-shape.mjs";

/**
 * Who was asked and what became of it, from the text of a JSON list `[{persona, status}]`; nobody when it is something else.
 *
 * @param {string} text
 * @returns {readonly { persona: string, status: string }[]}
 */
export function readAsked(text) {
  const asked = parseJson(text);
  if ("problem" in asked) return [];
  return listOf(asked.value).map((one) => {
    const { persona, status } = fieldsOf(one);
    return { persona: textOf(persona), status: textOf(status) };
  });
}
