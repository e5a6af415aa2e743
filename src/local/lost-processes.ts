import { isProcessAlive } from "../system/process-life.ts";
import { endProcesses, listProcesses, signalProcess } from "./process-tree.ts";

/**
 * Ends the agents of a gateway that was killed in the middle of its work (on Linux, where they can be found by their
 * environment); the value is their pids. Their runs are left to those who wait for them.
 */
export async function endLostProcesses(handoffDir: string, graceMs: number): Promise<number[]> {
  const pids = new Set<number>();
  const groups = new Set<number>();
  await endProcesses((signal) => {
    // An agent leads a group of its own; by that those of it are known whose environment tells nothing (anymore).
    const lost = listProcesses(
      (candidate) =>
        groups.has(candidate.groupId) || isLost(candidate.readEnvironment(), handoffDir),
    );
    for (const { pid, groupId } of lost) {
      // Some are found, or begun by others, only after those were asked to end.
      signalProcess(pid, signal === 0 && !pids.has(pid) ? "SIGTERM" : signal);
      pids.add(pid);
      groups.add(groupId);
    }
    return lost.length > 0;
  }, graceMs);
  return [...pids];
}

function isLost(environment: readonly string[], handoffDir: string): boolean {
  const path = valueOf(environment, "DELEGATE_HANDOFF_PATH");
  const gateway = valueOf(environment, "DELEGATE_GATEWAY_PID");
  if (path === null || gateway === null || !path.startsWith(`${handoffDir}/`)) return false;
  // By its pid alone another process, or a thread of one, could be taken for it.
  const start = valueOf(environment, "DELEGATE_GATEWAY_START");
  return /^\d+$/.test(gateway) && !isProcessAlive(Number(gateway), start);
}

function valueOf(environment: readonly string[], name: string): string | null {
  const entry = environment.find((variable) => variable.startsWith(`${name}=`));
  return entry?.slice(name.length + 1) ?? null;
}
