import type { Environment } from "../../environment.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Config } from "../../config/config.ts";
import { launcherPath } from "../../launcher-path.ts";
import { withoutRunVariables } from "../../local/run-variables.ts";
import { WATCHER_VARIABLE } from "./watcher-variable.ts";

/** The program and the words that drive a run on and tell of it, also while it waits for people. */
export function watcherCommand(
  runId: string,
  { path }: Pick<Config, "path">,
): readonly [string, ...string[]] {
  const words = ["--quiet", "--on-question", "wait", "--notify", "telegram", "--config", path];
  return [process.execPath, launcherPath(), "wait", runId, ...words];
}

/** The environment of a watcher: it is no part of the agent within which this process may work. */
export function watcherEnvironment(runId: string, env: Environment): Record<string, string> {
  return { ...withoutRunVariables(env), [WATCHER_VARIABLE]: runId };
}

/** Starts a process that drives a run on and tells of it, and leaves with it. Rejects when it can't be started. */
export async function startWatcher(
  runId: string,
  config: Pick<Config, "path">,
  env: Environment,
): Promise<void> {
  const [program, ...words] = watcherCommand(runId, config);
  const child = spawn(program, words, {
    cwd: "/",
    detached: true,
    env: watcherEnvironment(runId, env),
    stdio: "ignore",
  });
  child.unref();
  await once(child, "spawn");
}
