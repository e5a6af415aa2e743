import type { Clock } from "../../clock.ts";
import type { RunLife, RunLooks } from "../../follow/attendance.ts";
import { runPaths } from "../../handoff/paths.ts";
import { isDriven } from "../../run/stored/ownership.ts";
import { readRequest } from "../../run/stored/run-folder.ts";
import { isHandedOver } from "./handed-over.ts";

/** How whoever follows a run looks at it. */
export function looksAt(handoffDir: string, runId: string, clock: Clock): RunLooks {
  return {
    lifeOf: () => lifeOf(handoffDir, runId),
    isHandedOver: () => isHandedOver(handoffDir, runId, clock.nowMs()),
  };
}

/** Whether the process that drove the run last is still there; that it left is told by the run's events. */
export function lifeOf(handoffDir: string, runId: string): RunLife {
  const paths = runPaths(handoffDir, runId);
  try {
    const request = readRequest(paths);
    if (!request.ok) return "undriven";
    if (request.value === null) return "gone";
    // As of the run's creation nobody can have fallen silent: one on another host, which can't be asked, counts as there.
    const asOfMs = Date.parse(request.value.createdAt);
    return isDriven(paths, request.value, [], asOfMs) ? "driven" : "undriven";
  } catch {
    // The folder is being deleted, or a driver is just coming.
    return "undriven";
  }
}
