import { existsSync, linkSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import type { RunEvent } from "../events/event.ts";
import type { RunPaths } from "../handoff/paths.ts";
import { hasFallenSilent } from "./fallen-silent.ts";
import { replay } from "./history.ts";
import type { ProcessIdentity, RunRequest } from "./request.ts";

/** Who this process is. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), startTicks: readStat("self")?.startTicks ?? null };
}

function isHere({ host }: ProcessIdentity): boolean {
  return host === hostname();
}

/** Whether that process of this host is still there. */
function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const stat = readStat(String(identity.pid));
  // One that has ended stays listed until its parent has looked, which in a container may be never.
  if (stat === null) return true;
  if (stat.state === "Z" || stat.state === "X") return false;
  return identity.startTicks === null || stat.startTicks === identity.startTicks;
}

/** Creates a file with its whole content, or says that there is one already: of several processes one succeeds. */
export function createExclusively(path: string, content: string): boolean {
  const own = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(own, content, { mode: 0o600 });
    linkSync(own, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    return createWithoutLink(path, content, error);
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Makes this process the driver of a run whose driver is dead or has left. Each driver has a generation and a file of
 * its own that is never deleted, so that of several takers exactly one succeeds. The generation, or null.
 */
export function takeOver(
  paths: RunPaths,
  request: RunRequest,
  events: readonly RunEvent[],
  nowMs: number,
): number | null {
  // Looked up once: the next one must be refused if somebody else takes it in the meantime.
  const latest = latestGeneration(paths);
  if (isDrivenBy(latest, paths, request, events, nowMs)) return null;
  const mine = latest + 1;
  return createExclusively(driverFile(paths, mine), `${JSON.stringify(thisProcess())}\n`)
    ? mine
    : null;
}

/** Whether somebody is driving the run now, or waits for the late answer of one that has ended. */
export function isDriven(
  paths: RunPaths,
  request: RunRequest,
  events: readonly RunEvent[],
  nowMs: number,
): boolean {
  if (!existsSync(paths.request)) return false;
  return isDrivenBy(latestGeneration(paths), paths, request, events, nowMs);
}

function isDrivenBy(
  generation: number,
  paths: RunPaths,
  request: RunRequest,
  events: readonly RunEvent[],
  nowMs: number,
): boolean {
  if (isDone(events, generation)) return false;
  const driver = driverOf(paths, request, generation);
  if (driver === null) return false;
  return isHere(driver)
    ? isAlive(driver)
    : !hasFallenSilent(replay(request, events), request, nowMs);
}

function latestGeneration(paths: RunPaths): number {
  const generations = namesIn(paths.folder).flatMap(
    (name) => /^driver-(\d+)\.json$/.exec(name)?.[1] ?? [],
  );
  return Math.max(1, ...generations.map(Number));
}

/** None when the folder has just been deleted. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null when its file can't be read: then the power failed while it was written. */
function driverOf(
  paths: RunPaths,
  request: RunRequest,
  generation: number,
): ProcessIdentity | null {
  if (generation === 1) return request.createdBy;
  try {
    const text = readFileSync(driverFile(paths, generation), "utf8");
    const identity: ProcessIdentity = JSON.parse(text);
    return identity;
  } catch {
    return null;
  }
}

function driverFile(paths: RunPaths, generation: number): string {
  return `${paths.folder}/driver-${generation}.json`;
}

/** Whether a driver has ended the run or has left it; one that is not in the events yet is just coming. */
function isDone(events: readonly RunEvent[], generation: number): boolean {
  const beginning =
    generation === 1
      ? 0
      : events.findIndex(
          (event) => event.type === "driver_took_over" && event.generation === generation,
        );
  if (beginning === -1) return false;
  return events
    .slice(beginning)
    .some(
      (event) =>
        event.type === "run_ended" ||
        (event.type === "driver_left" && event.generation === generation),
    );
}

/** Some file systems know no hard links; there the content may be seen half-written for an instant. */
function createWithoutLink(path: string, content: string, cause: unknown): boolean {
  if (!isCode(cause, "EPERM") && !isCode(cause, "ENOTSUP") && !isCode(cause, "EOPNOTSUPP"))
    throw cause;
  try {
    writeFileSync(path, content, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Fields 3 and 22 of /proc/<pid>/stat; the name in field 2 may hold spaces, so counting starts behind it. */
function readStat(
  pid: string,
): { readonly state: string; readonly startTicks: string | null } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startTicks: fields[19] ?? null };
  } catch {
    return null;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
