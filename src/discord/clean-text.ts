import { cutText } from "../text/cut-text.ts";

/**
 * A text from the chat without what can't be seen: control characters, marks that turn the direction of writing, and
 * letters without a shape, in which instructions can be hidden from people. Line breaks and tabs stay.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll(invisible, (char) => (char === "\n" || char === "\t" ? char : ""));
}

/** The same for a text that has to stay on one line, at most so many characters. */
export function cleanLine(text: string, characters: number): string {
  return cutText(cleanText(text).replaceAll(/\s+/g, " ").trim(), characters);
}

const invisible =
  /[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]/gu;
