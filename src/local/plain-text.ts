import { cutText } from "../text/cut-text.ts";

/** A text without the control characters that move a terminal's cursor; tabs and line ends stay. */
export function withoutControlCharacters(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) =>
    character === "\n" || character === "\t" ? character : "",
  );
}

/** The end of a text, at most so many characters. */
export function lastPart(text: string, characters: number): string {
  return text.length <= characters
    ? text
    : `…${text.slice(-characters).replace(/^[\uDC00-\uDFFF]/, "")}`;
}

/** The first line that says something, cut to so many characters. */
export function firstLine(text: string, characters: number): string {
  return cutText(/\S[^\n]*/.exec(text)?.[0].trim() ?? "", characters);
}
