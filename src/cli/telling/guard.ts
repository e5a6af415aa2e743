import type { Environment } from "../../environment.ts";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Config } from "../../config/config.ts";
import { watcherCommand, watcherEnvironment } from "./watcher.ts";

/** It reads until the other end of its stdin is gone, which is when that process is, however it ended. */
const SCRIPT = 'read -r _; exec "$@"';

/** Has a watcher started by the shell as soon as this process is gone without having said that it leaves. */
export class Guard {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Null where there is no such shell. */
  static start(runId: string, config: Pick<Config, "path">, env: Environment): Guard | null {
    if (process.platform === "win32") return null;
    const words = ["-c", SCRIPT, "delegate-guard", ...watcherCommand(runId, config)];
    const child = spawn("/bin/sh", words, {
      cwd: "/",
      detached: true,
      env: watcherEnvironment(runId, env),
      stdio: ["pipe", "ignore", "ignore"],
    });
    // Without a guard the run is as good as any other.
    child.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    child.unref();
    return new Guard(child);
  }

  /** This process leaves in an orderly way; may be called again. */
  dismiss(): void {
    this.#child.kill("SIGKILL");
  }
}
