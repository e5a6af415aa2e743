import { existsSync, readdirSync } from "node:fs";

/** The names of what is in a folder; none when it is not there, or has just been deleted. */
export function namesIn(folder: string): readonly string[] {
  // Asked first, for an error costs more than a look.
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
