import { withoutUnsafe } from "../text/plain.ts";

/** The most characters that Telegram takes in one message. */
export const MESSAGE_CHARACTERS = 4_096;

/** A text from elsewhere as Telegram's HTML, at most so many characters long with its escapes, none of them cut in two. */
export function escapeToFit(text: string, characters: number): string {
  const pieces = Array.from(tidy(text), escapeCharacter);
  const ends = runningLengths(pieces);
  if ((ends.at(-1) ?? 0) <= characters) return pieces.join("");
  const kept = ends.findIndex((end) => end > characters - 1);
  return characters < 1 ? "" : `${pieces.slice(0, kept).join("").trimEnd()}…`;
}

/** The same on one line. */
export function escapeLine(text: string, characters: number): string {
  return escapeToFit(text.replaceAll(/\s+/g, " "), characters);
}

/** The beginning of a text on one line, not escaped, for places that know no HTML such as buttons. */
export function plainStart(text: string, characters: number): string {
  const line = Array.from(tidy(text.replaceAll(/\s+/g, " ")));
  const ends = runningLengths(line);
  if ((ends.at(-1) ?? 0) <= characters) return line.join("");
  const kept = ends.findIndex((end) => end > characters - 1);
  return `${line.slice(0, kept).join("").trimEnd()}…`;
}

/** No half characters, no control characters but line breaks, and no marks that turn the direction of writing. */
function tidy(text: string): string {
  return withoutUnsafe(text.slice(0, 4 * MESSAGE_CHARACTERS).toWellFormed()).trim();
}

function escapeCharacter(character: string): string {
  return escapes[character] ?? character;
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function runningLengths(pieces: readonly string[]): readonly number[] {
  let end = 0;
  return pieces.map((piece) => (end += piece.length));
}
