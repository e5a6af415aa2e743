import { cutText } from "./cut-text.ts";

/** A text on one line; a longer one than that is cut. */
export function oneLine(text: string, mostCharacters = Infinity): string {
  // Of a long text a part is enough to look at.
  const beginning = text.trimStart().slice(0, 10 * mostCharacters);
  return cutText(beginning.replaceAll(/\s+/g, " ").trimEnd(), mostCharacters);
}
