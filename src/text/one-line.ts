/** A text on one line; a longer one than that is cut. */
export function oneLine(text: string, mostCharacters = Infinity): string {
  // Of a long text a part is enough to look at.
  const beginning = text.trimStart().slice(0, 10 * mostCharacters);
  const line = beginning.replaceAll(/\s+/g, " ").trimEnd();
  if (line.length <= mostCharacters) return line;
  // Half a character would be left where the cut goes through one.
  return `${line.slice(0, mostCharacters - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
