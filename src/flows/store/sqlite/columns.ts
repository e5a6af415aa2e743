import type { SQLOutputValue } from "node:sqlite";

/** One row, by the names of its columns. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A number of a row; what else stands there is a bug. */
export function numberOf(row: Row | null, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw new Error(`no number in ${column}`);
  return value;
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
