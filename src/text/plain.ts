/**
 * A text that can't move a terminal's cursor, set its title or hide its own letters: control characters but line break
 * and tab, and the marks that turn the direction of writing, are shown as what they are.
 */
export function plainText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(unsafe, (char) => (char === "\n" || char === "\t" ? char : showCode(char)));
}

/** The same for a text that has to stay on one line. */
export function plainLine(text: string): string {
  return plainText(text.replaceAll(/\s+/g, " ").trim());
}

/** A text without what `plainText` shows as codes, for people who could do nothing with them. */
export function withoutUnsafe(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(unsafe, (char) => (char === "\n" || char === "\t" ? char : ""));
}

/** JSON in which also the control characters that JSON itself lets through are escaped. */
export function plainJson(value: unknown): string {
  return escapeInJson(JSON.stringify(value, null, 2));
}

/** The same for a document that is written already. */
export function escapeInJson(json: string): string {
  return json.replaceAll(
    unsafeInJson,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const unsafeInJson = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function showCode(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
