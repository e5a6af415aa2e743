import { readFileSync, readdirSync } from "node:fs";
import { block } from "../../src/system/block.ts";
import { readProcessStat } from "../../src/system/process-life.ts";

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

const MOST_LOOKS = 500;

/** A zombie has no words any more, and the system's own threads never have any; a process between two programs will. */
function wordsOf(pid: number): string {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const words = readWords(pid);
    if (words !== "") return words;
    const stat = readProcessStat(pid);
    if (stat === null || stat.isZombie || stat.isKernelThread) return "";
    block(1);
  }
  return "";
}

function readWords(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
