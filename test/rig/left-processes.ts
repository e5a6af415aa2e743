import { readFileSync, readdirSync } from "node:fs";

/** A process, and the words that it was started with. */
export interface LeftProcess {
  readonly pid: number;
  readonly words: string;
}

/** The processes, zombies aside, whose command line names a folder; none where there is no /proc. */
export function processesNaming(folder: string): readonly LeftProcess[] {
  return pids().flatMap((pid) => {
    const words = wordsOf(pid);
    return words.includes(folder) ? [{ pid, words }] : [];
  });
}

/** Signals a process that may have ended by itself, also between the look that found it and now. */
export function signalIfThere(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    return;
  }
}

function pids(): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A zombie has no words any more. */
function wordsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
