import type { Environment } from "../../environment.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Config } from "../../config/config.ts";
import { launcherPath } from "../../launcher-path.ts";
import { withoutRunVariables } from "../../local/run-variables.ts";

/** A worker that was started for one flow run leaves when there is nothing more to do. */
const IDLE_SECONDS = 60;

/** MiB. With V8's own choice a third of the memory of a worker that has had much to do is garbage. */
const YOUNG_GENERATION = "--max-semi-space-size=4";

/** Starts a worker that belongs to nobody. Rejects when it can't be started. */
export async function startWorker({ path }: Config, env: Environment): Promise<void> {
  const words = ["worker", "--quiet", "--idle-timeout", String(IDLE_SECONDS), "--config", path];
  const child = spawn(process.execPath, [YOUNG_GENERATION, launcherPath(), ...words], {
    cwd: "/",
    detached: true,
    env: withoutRunVariables(env),
    stdio: "ignore",
  });
  child.unref();
  await once(child, "spawn");
}
