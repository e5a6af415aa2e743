import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "./request.ts";

let self: ProcessIdentity | null = null;

/** Who this process is. */
export function thisProcess(): ProcessIdentity {
  return (self ??= { pid: process.pid, host: hostname(), startTicks: readStartTicks("self") });
}

/** Whether a process is one of this host, so that it can be asked for. */
export function isHere({ host }: ProcessIdentity): boolean {
  return host === hostname();
}

/** Whether that process of this host is still there. */
export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const ticks = readStartTicks(String(identity.pid));
  return ticks === null || identity.startTicks === null || ticks === identity.startTicks;
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces, so counting starts behind it. */
function readStartTicks(pid: string): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
