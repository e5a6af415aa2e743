import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Config } from "../config/config.ts";
import { launcherPath } from "../launcher-path.ts";
import { withoutRunVariables } from "../local/run-variables.ts";

/** Names, for a watcher, the run that it was started for. */
const WATCHER_VARIABLE = "DELEGATE_WATCHER";

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether this process was started to tell of that run; when it has to leave, it is not replaced. */
export function isWatcherOf(runId: string, env: Environment): boolean {
  return env[WATCHER_VARIABLE] === runId;
}

/**
 * Starts a process that drives a run on and tells of it, and leaves with it. It is no part of the agent within which
 * this process may work, so it does not end with that agent. Rejects when it can't be started.
 */
export async function startWatcher(
  runId: string,
  { path }: Config,
  env: Environment,
): Promise<void> {
  const words = ["wait", runId, "--quiet", "--notify", "telegram", "--config", path];
  const child = spawn(process.execPath, [launcherPath(), ...words], {
    cwd: "/",
    detached: true,
    env: { ...withoutRunVariables(env), [WATCHER_VARIABLE]: runId },
    stdio: "ignore",
  });
  child.unref();
  await once(child, "spawn");
}
