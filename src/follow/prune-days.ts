import { lstatSync, rmSync } from "node:fs";
import { namesIn } from "../system/names-in.ts";
import { DAY_MS, dayOfFileName } from "./day.ts";

/** Which daily logs may go. */
export interface DayPruning {
  /** Those of days that were over before. */
  readonly endedBeforeMs: number;
  readonly isDryRun: boolean;
}

/** Removes the logs of days that were over long ago, and nothing else that lies there; their paths, oldest first. */
export function pruneDays(
  folder: string,
  { endedBeforeMs, isDryRun }: DayPruning,
): readonly string[] {
  const old = namesIn(folder)
    .filter((name) => isOver(name, endedBeforeMs))
    .sort()
    .map((name) => `${folder}/${name}`)
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true);
  if (!isDryRun) for (const path of old) rmSync(path, { force: true });
  return old;
}

function isOver(name: string, beforeMs: number): boolean {
  const day = dayOfFileName(name);
  return day !== null && Date.parse(day) + DAY_MS <= beforeMs;
}
