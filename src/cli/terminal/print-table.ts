import { fitCells } from "../../text/width.ts";
import type { Shell } from "../shell.ts";
import { alignColumns } from "./align.ts";
import { columnsFor } from "./columns-for.ts";

/** Prints rows in columns; on a terminal, lines are cut where they would break. */
export async function printTable(
  rows: readonly (readonly string[])[],
  shell: Shell,
): Promise<void> {
  const columns = await columnsFor(shell);
  for (const line of alignColumns(rows)) shell.stdout.write(`${fitCells(line, columns)}\n`);
}
