/** One row, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** A number of a row; what else stands there is a bug. */
export function numberOf(row: Row | null, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw new Error(`no number in ${column}`);
  return value;
}

/** A number of a row, or null. */
export function optionalNumberOf(row: Row | null, column: string): number | null {
  return row?.[column] === null ? null : numberOf(row, column);
}

/** A text of a row. */
export function textOf(row: Row | null, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new Error(`no text in ${column}`);
  return value;
}

/** A text of a row, or null. */
export function optionalTextOf(row: Row | null, column: string): string | null {
  return row?.[column] === null ? null : textOf(row, column);
}

/** Whether something is so, according to a row. */
export function isTrue(row: Row | null, column: string): boolean {
  return row?.[column] === true;
}
