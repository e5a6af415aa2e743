import { fitCells } from "../../text/width.ts";
import type { Shell } from "../shell.ts";
import { alignColumns } from "./align.ts";

/** Prints rows in columns; on a terminal, lines are cut where they would break. */
export async function printTable(
  rows: readonly (readonly string[])[],
  { stdout }: Shell,
): Promise<void> {
  const columns = stdout.isTerminal ? await columnsOfTerminal() : Number.POSITIVE_INFINITY;
  for (const line of alignColumns(rows)) stdout.write(`${fitCells(line, columns)}\n`);
}

async function columnsOfTerminal(): Promise<number> {
  const { windowSizeOf } = await import("./window-size.ts");
  return windowSizeOf(1)().columns;
}
