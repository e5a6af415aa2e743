import { readFileSync } from "node:fs";
import { codeOf } from "../thrown.ts";

/** What Linux tells about a process. */
export interface ProcessStat {
  /** It has ended, and stays listed until its parent has looked, which in a container may be never. */
  readonly isZombie: boolean;
  /** It belongs to the system itself, and never has arguments or an environment. */
  readonly isKernelThread: boolean;
  readonly groupId: number;
  /** Clock ticks from the boot of the system to the process's start. */
  readonly start: string;
}

/** PF_KTHREAD in linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/** Reads a process's line in /proc, or null when there is none (no such process, or no /proc). */
export function readProcessStat(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name comes in parentheses and may itself contain any of ") (".
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const state = fields[0];
    return {
      isZombie: state === "Z" || state === "X",
      isKernelThread: (Number(fields[6]) & KERNEL_THREAD) !== 0,
      groupId: Number(fields[2]),
      start: fields[19] ?? "",
    };
  } catch {
    return null;
  }
}

/** Whether there is a process with this pid that still runs; with a start, only that very process. */
export function isProcessAlive(pid: number, start: string | null = null): boolean {
  if (!canSignal(pid)) return false;
  const stat = readProcessStat(pid);
  // Either the system tells nothing about processes, or this one has gone between the two looks.
  if (stat === null) return canSignal(pid);
  return !stat.isZombie && (start === null || stat.start === start);
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
