/** One figure of the report. */
export interface Row {
  readonly figure: string;
  readonly measured: string;
  /** Against what it is compared with, or empty. */
  readonly ratio: string;
  /** What it should be at most, or empty. */
  readonly bar: string;
  /** Whether it is within its bar; null when it has none or could not be measured. */
  readonly isWithin: boolean | null;
}

/** A figure that can't be measured here, and why. */
export function skipped(figure: string, reason: string): Row {
  return { figure, measured: `skipped: ${reason}`, ratio: "", bar: "", isWithin: null };
}

/** Milliseconds as a reader wants them. */
export function formatMs(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

/** Mebibytes of a number of kibibytes. */
export function formatMiB(kib: number): string {
  return `${(kib / 1024).toFixed(1)} MiB`;
}

/** Rows as one table, with columns as wide as they must be. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [
    ["figure", "median", "ratio", "bar", ""],
    ...rows.map(({ figure, measured, ratio, bar, isWithin }) => [
      figure,
      measured,
      ratio,
      bar,
      isWithin === null ? "" : isWithin ? "ok" : "OVER",
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
