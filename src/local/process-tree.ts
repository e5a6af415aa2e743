import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { block } from "../system/block.ts";
import { readProcessStat } from "../system/process-life.ts";
import type { ProcessStat } from "../system/process-life.ts";

/** The processes of one command. */
export interface ProcessTree {
  /** The command's own process, which leads their group. */
  readonly groupId: number;
  /** `NAME=value` in the environment of all of them, by which those are found that left the group (on Linux); or none. */
  readonly marker: string | null;
}

/** How long a process that was killed may take to be gone: one that waits for a dead disk can't be ended at all. */
const KILLED_WITHIN_MS = 2000;

/** Ends a whole tree: asks it, gives it the grace, kills what is left. */
export async function endTree(tree: ProcessTree, graceMs: number): Promise<void> {
  return endProcesses((signal) => signalTree(tree, signal), graceMs);
}

/** Ends whatever `signalAll` reaches: it sends the signal, or only looks (0), and tells whether anything was there. */
export async function endProcesses(
  signalAll: (signal: NodeJS.Signals | 0) => boolean,
  graceMs: number,
): Promise<void> {
  if (!signalAll("SIGTERM")) return;
  if (await isGoneWithin(() => signalAll(0), graceMs)) return;
  await isGoneWithin(() => signalAll("SIGKILL"), KILLED_WITHIN_MS);
}

/** Ends all processes for which the question is answered with yes, where they can be listed. */
export function endListed(
  isWanted: (candidate: ListedProcess) => boolean,
  graceMs: number,
): Promise<void> {
  return endProcesses((signal) => {
    const found = listProcesses(isWanted);
    for (const { pid } of found) signalProcess(pid, signal);
    return found.length > 0;
  }, graceMs);
}

async function isGoneWithin(isThere: () => boolean, limitMs: number): Promise<boolean> {
  // Only its own rests count: when this process is held up, so may be those that are to end.
  let leftMs = limitMs;
  for (let restMs = 5; isThere(); restMs = Math.min(restMs * 2, 100)) {
    if (leftMs <= 0) return false;
    await sleep(Math.min(restMs, leftMs));
    leftMs -= restMs;
  }
  return true;
}

/** Signals all of a tree; tells whether anything of it was there. */
function signalTree({ groupId, marker }: ProcessTree, signal: NodeJS.Signals | 0): boolean {
  if (process.platform === "win32") return signalProcess(groupId, signal);
  if (process.platform !== "linux") return signalProcess(-groupId, signal);
  const members = listProcesses(
    (candidate) => candidate.groupId === groupId || (marker !== null && candidate.has(marker)),
  );
  // The group as a whole first, so that none of it can fork in between.
  if (members.some((member) => member.groupId === groupId)) signalProcess(-groupId, signal);
  for (const member of members) {
    if (member.groupId !== groupId) signalProcess(member.pid, signal);
  }
  return members.length > 0;
}

/** A running process, as Linux shows it. */
export interface ListedProcess {
  readonly pid: number;
  readonly groupId: number;
  /** Whether `NAME=value` is in its environment. */
  has(variable: string): boolean;
  /** Its environment, or nothing where that may not be read. */
  readEnvironment(): readonly string[];
}

/** The running processes for which the question is answered with yes; none where there is no /proc. */
export function listProcesses(isWanted: (candidate: ListedProcess) => boolean): ListedProcess[] {
  const seen = new Set<number>();
  for (let look = 1; ; look++) {
    const { found, hasMissed } = lookAtOthers(seen, isWanted);
    // One that has ended since the list was made may have begun another that is not in it.
    if (found.length > 0 || !hasMissed || look === MOST_LOOKS) return found;
  }
}

const MOST_LOOKS = 20;

function lookAtOthers(
  seen: Set<number>,
  isWanted: (candidate: ListedProcess) => boolean,
): { readonly found: ListedProcess[]; readonly hasMissed: boolean } {
  const found: ListedProcess[] = [];
  let hasMissed = false;
  for (const pid of listPids().filter((each) => !seen.has(each))) {
    seen.add(pid);
    const stat = readProcessStat(pid);
    if (stat?.isKernelThread === true) continue;
    const candidate = stat === null || stat.isZombie ? null : listed(pid, stat);
    if (candidate !== null && isWanted(candidate)) found.push(candidate);
    else if (candidate === null || hasEnded(pid)) hasMissed = true;
  }
  return { found, hasMissed };
}

function listed(pid: number, { groupId }: ProcessStat): ListedProcess {
  return {
    pid,
    groupId,
    has: (variable) => `\0${readEnvironmentBlock(pid)}`.includes(`\0${variable}\0`),
    readEnvironment: () => readEnvironmentBlock(pid).split("\0"),
  };
}

/** All but this one. */
function listPids(): number[] {
  try {
    const names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return names.map(Number).filter((pid) => pid !== process.pid);
  } catch {
    return [];
  }
}

/**
 * How often a process is looked at, a millisecond apart: one without any environment, and one that seems to be between
 * two programs, where it may have to wait on a busy machine.
 */
const LOOKS_WITHOUT_ENVIRONMENT = 3;
const LOOKS_BETWEEN_PROGRAMS = 500;

/** While a process exchanges its program for another (execve), Linux shows neither its environment nor its arguments. */
function readEnvironmentBlock(pid: number): string {
  let bareLooks = 0;
  for (let look = 0; look < LOOKS_BETWEEN_PROGRAMS; look++) {
    if (look > 0) block(1);
    const environment = readOf(pid, "environ");
    if (environment !== "") return environment ?? "";
    if (readOf(pid, "cmdline") !== "") bareLooks += 1;
    if (bareLooks === LOOKS_WITHOUT_ENVIRONMENT || hasEnded(pid)) break;
  }
  return "";
}

function hasEnded(pid: number): boolean {
  return readProcessStat(pid)?.isZombie ?? true;
}

/** Null when the process has ended, or belongs to somebody else. */
function readOf(pid: number, file: "environ" | "cmdline"): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null;
  }
}

/** Signals one process, or with a negative number a group; false when there is none. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
