import { formatElapsed } from "../../text/time-span.ts";
import { cellsOf, fitCells, padCells } from "../../text/width.ts";
import type { FlowView } from "../view/view.ts";
import type { WatchRow } from "./rows.ts";

/** What the lines depend on besides the rows. */
export interface TreeScreen {
  readonly columns: number;
  /** The most lines that may be used. */
  readonly rows: number;
  /** Makes a text harmless for a terminal and keeps it on one line. */
  readonly plain: (text: string) => string;
}

/** From here on there is room between the columns. */
const ROOMY_COLUMNS = 60;
const ROOMY_NAME = 32;
const NARROW_NAME = 16;

/** A flow run in a line. */
export function headLine(
  flowRunId: string,
  { name, createdAtMs, end }: FlowView,
  status: string,
  nowMs: number,
  { columns, plain }: TreeScreen,
): string {
  const took = formatElapsed((end?.atMs ?? nowMs) - createdAtMs);
  const standing = `${status} ${took}`;
  // Where not all has room, how it stands says more than the id.
  const words = columns < ROOMY_COLUMNS ? [standing, flowRunId] : [flowRunId, standing];
  return fitCells(`${plain(name)} ${words.join("  ")}`, columns);
}

/** The lines of a tree; where there is not enough room, what is over goes first, and what has not come yet. */
export function treeLines(rows: readonly WatchRow[], screen: TreeScreen): readonly string[] {
  const shown = fittingRows(rows, Math.max(1, screen.rows));
  const hidden = rows.length - shown.length;
  const lines = layOut(shown, screen);
  if (hidden === 0) return lines;
  const more = fitCells(`… and ${hidden} more steps`, screen.columns);
  return [...lines, more].slice(0, Math.max(1, screen.rows));
}

function fittingRows(rows: readonly WatchRow[], most: number): readonly WatchRow[] {
  if (rows.length <= most) return rows;
  const room = Math.max(1, most - 1);
  const kept = new Set(rows.toSorted((a, b) => a.importance - b.importance).slice(0, room));
  return rows.filter((row) => kept.has(row));
}

function layOut(rows: readonly WatchRow[], screen: TreeScreen): readonly string[] {
  const isRoomy = screen.columns >= ROOMY_COLUMNS;
  const gap = isRoomy ? "  " : " ";
  const nameOf = (row: WatchRow): string =>
    `${"  ".repeat(row.depth)}${row.wave} ${screen.plain(row.name)}`;
  const names = widthOf(rows.map(nameOf), isRoomy ? ROOMY_NAME : NARROW_NAME);
  // The common states are of about the same length: the rest of the line stays where it is as they change.
  const states = Math.max(
    7,
    widthOf(
      rows.map(({ state }) => state),
      9,
    ),
  );
  const times = Math.max(3, widthOf(rows.map(elapsedOf), 6));
  return rows.map((row) => {
    const columns = [
      padCells(fitCells(nameOf(row), names), names),
      padCells(row.state, states),
      " ".repeat(times - cellsOf(elapsedOf(row))) + elapsedOf(row),
      screen.plain(row.words),
    ];
    return fitCells(columns.join(gap).trimEnd(), screen.columns);
  });
}

function elapsedOf({ elapsedMs }: WatchRow): string {
  return elapsedMs === null ? "" : formatElapsed(elapsedMs);
}

function widthOf(texts: readonly string[], most: number): number {
  return Math.min(most, Math.max(0, ...texts.map(cellsOf)));
}
