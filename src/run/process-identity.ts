import { hostname } from "node:os";
import { isProcessAlive, readProcessStat } from "../system/process-life.ts";
import type { ProcessIdentity } from "./request.ts";

let self: ProcessIdentity | null = null;

/** Who this process is. */
export function thisProcess(): ProcessIdentity {
  return (self ??= {
    pid: process.pid,
    host: hostname(),
    startTicks: readProcessStat(process.pid)?.start ?? null,
  });
}

/** Whether a process is one of this host, so that it can be asked for. */
export function isHere({ host }: ProcessIdentity): boolean {
  return host === hostname();
}

/** Whether that process of this host is still there. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  return isProcessAlive(pid, startTicks);
}
