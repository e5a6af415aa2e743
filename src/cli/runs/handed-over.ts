import { runPaths } from "../../handoff/paths.ts";
import { readEvents } from "../../run/stored/history.ts";
import { readLeftHandoff } from "../../run/stored/left-handoff.ts";
import { readRequest } from "../../run/stored/run-folder.ts";

/** Whether the result of a run that nobody waits for is there already. */
export function isHandedOver(handoffDir: string, runId: string, nowMs: number): boolean {
  const paths = runPaths(handoffDir, runId);
  try {
    const request = readRequest(paths);
    if (!request.ok || request.value === null) return false;
    const { events } = readEvents(paths.events);
    return readLeftHandoff({ paths, request: request.value, events }, null, nowMs) !== null;
  } catch {
    // The folder is being deleted, or a driver is just coming.
    return false;
  }
}
