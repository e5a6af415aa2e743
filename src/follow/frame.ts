import { cellsOf } from "../text/width.ts";

/** What is drawn of a live view, below the lines that stay. */
export interface Frame {
  readonly lines: readonly string[];
}

/** The terminal on which a frame is drawn, as it is now. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const ESC = "\u001B[";
/** Neither cursor nor line wrap is left changed between two frames, however the process ends. */
const begin = `${ESC}?25l${ESC}?7l`;
const end = `${ESC}?7h${ESC}?25h`;

/**
 * What to write so that these lines stand where the frame before stood, and above them those that are to stay. The
 * cursor is left at the beginning of the line below. Lines are overwritten, not erased first: that would flicker.
 */
export function redraw(
  before: Frame | null,
  staying: readonly string[],
  lines: readonly string[],
  size: TerminalSize,
): string {
  const up = before === null ? 0 : heightOf(before, size);
  const toStart = up === 0 ? "\r" : `${ESC}${up}A\r`;
  const text = [...staying, ...lines].map((line) => `${line}${ESC}K\n`).join("");
  return `${begin}${toStart}${text}${ESC}J${end}`;
}

/** How many rows a frame takes now: a terminal that was made narrower has wrapped its lines. */
function heightOf({ lines }: Frame, { columns, rows }: TerminalSize): number {
  const height = lines.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(cellsOf(line) / Math.max(1, columns))),
    0,
  );
  return Math.min(height, Math.max(0, rows - 1));
}
