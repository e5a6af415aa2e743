/** Where something stands in a text; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Finds the line and column of a character, counted from 0. */
export function placeInText(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: before.length - before.lastIndexOf("\n") };
}

/**
 * Where a character of a value stands in the words it was written with: quotes, indents and escapes are only in these.
 * Exact unless the value has escapes.
 */
export function offsetInWritten(written: string, value: string, offset: number): number {
  let at = 0;
  for (let index = 0; index <= Math.min(offset, value.length - 1); index += 1) {
    const found = written.indexOf(value.charAt(index), at);
    if (found === -1 || found - at > FARTHEST) continue;
    if (index === offset) return found;
    at = found + 1;
  }
  return at;
}

/** An indent and a header are no longer; what is farther is another character. */
const FARTHEST = 200;
