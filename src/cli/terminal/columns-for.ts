import type { Shell } from "../shell.ts";

/** How many columns there are for a line on stdout: as many as it takes where that is no terminal. */
export async function columnsFor({ stdout }: Pick<Shell, "stdout">): Promise<number> {
  if (!stdout.isTerminal) return Number.POSITIVE_INFINITY;
  const { windowSizeOf } = await import("./window-size.ts");
  return windowSizeOf(1)().columns;
}
