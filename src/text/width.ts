/** Letters that take two cells on a terminal: East Asian ones, and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Marks that are put on the letter before them, and joiners. */
const markless = /\p{M}|\p{Cf}/u;

/** How many cells a text takes on a terminal. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const char of text) cells += cellsOfChar(char);
  return cells;
}

/** The beginning of a line that takes at most so many cells; what is cut ends with an ellipsis. */
export function fitCells(text: string, cells: number): string {
  if (cells <= 0) return "";
  let kept = "";
  let used = 0;
  for (const char of text) {
    const width = cellsOfChar(char);
    if (used + width > cells) return `${shorten(kept, used - cells + 1)}…`;
    kept += char;
    used += width;
  }
  return kept;
}

/** A text filled up to so many cells. */
export function padCells(text: string, cells: number): string {
  return text + " ".repeat(Math.max(0, cells - cellsOf(text)));
}

/** Takes letters away at the end until so many cells are free. */
function shorten(text: string, cells: number): string {
  const chars = Array.from(text);
  for (let free = 0; free < cells && chars.length > 0;) free += cellsOfChar(chars.pop() ?? "");
  return chars.join("");
}

function cellsOfChar(char: string): number {
  if (char < "\u0300") return 1;
  if (markless.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}
