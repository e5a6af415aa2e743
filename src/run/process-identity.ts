import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { codeOf } from "../thrown.ts";
import type { ProcessIdentity } from "./request.ts";

let self: ProcessIdentity | null = null;

/** Who this process is. */
export function thisProcess(): ProcessIdentity {
  return (self ??= {
    pid: process.pid,
    host: hostname(),
    startTicks: readStat("self")?.startTicks ?? null,
  });
}

/** Whether a process is one of this host, so that it can be asked for. */
export function isHere({ host }: ProcessIdentity): boolean {
  return host === hostname();
}

/** Whether that process of this host is still there. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (!isListed(identity.pid)) return false;
  const stat = readStat(String(identity.pid));
  // Either the system tells nothing about processes, or this one has gone between the two looks.
  if (stat === null) return isListed(identity.pid);
  // One that has ended stays listed until its parent has looked, which in a container may be never.
  if (stat.state === "Z" || stat.state === "X") return false;
  return identity.startTicks === null || stat.startTicks === identity.startTicks;
}

function isListed(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
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
