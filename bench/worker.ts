import { spawn } from "node:child_process";
import { once } from "node:events";
import { delegateCommand } from "./commands.ts";
import type { Project } from "./project.ts";

/** A `delegate worker` of the benchmark. */
export interface BenchWorker {
  readonly pid: number;
  /** Ends it, and resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts a worker, and resolves when it says that it is at work. */
export async function startWorker(project: Project): Promise<BenchWorker> {
  const { file, args, cwd } = delegateCommand(project, "worker");
  const child = spawn(file, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const exit = once(child, "exit");
  const isThere = await Promise.race([
    once(child.stderr, "data").then(() => true),
    exit.then(() => false),
  ]);
  if (!isThere) throw new Error("the worker has ended");
  child.stderr.resume();
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill("SIGKILL");
      await exit;
    },
  };
}
