import { readdirSync, readFileSync } from "node:fs";

/** The most memory, in KiB, that a process has had in RAM so far; Linux only. */
export function peakKib(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
}

/** How many folders and files a process watches by inotify; Linux only. */
export function countInotifyWatches(pid: number | undefined): number {
  let count = 0;
  for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
    try {
      const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8");
      count += info.split("\n").filter((line) => line.startsWith("inotify wd:")).length;
    } catch {
      // It was closed in between.
    }
  }
  return count;
}
