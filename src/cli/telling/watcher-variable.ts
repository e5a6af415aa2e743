import type { Environment } from "../../environment.ts";

/** Names, for a watcher, the run that it was started for. */
export const WATCHER_VARIABLE = "DELEGATE_WATCHER";

/** Whether this process was started to tell of that run; when it has to leave, it is not replaced. */
export function isWatcherOf(runId: string, env: Environment): boolean {
  return env[WATCHER_VARIABLE] === runId;
}
