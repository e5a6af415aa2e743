import { cellsOf, padCells } from "../../text/width.ts";

/** Wider than this, a cell does not push the columns beside it any further. */
const MOST_CELLS = 40;

/** Lines whose columns stand below one another; the last column is left as it is. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, Math.min(MOST_CELLS, cellsOf(cell)));
    });
  return rows.map((row) =>
    row
      .map((cell, index) => padCells(cell, widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
