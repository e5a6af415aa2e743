import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { installGateway } from "./install.ts";
import { startGateway } from "./real-gateway.ts";
import { rigEnvironment } from "./rig.ts";
import type { Rig } from "./rig.ts";
import { startStandInModel } from "./stand-in-model.ts";

// Installs OpenClaw into a cache folder, starts it with a stand-in model, runs the suites against it, stops it.
// DELEGATE_CACHE_DIR names another cache folder. Arguments are handed to vitest.

const root = resolve(import.meta.dirname, "..", "..");
const startedAt = performance.now();
const canceling = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => canceling.abort());

function say(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`openclaw [${seconds.padStart(5)} s] ${line}\n`);
}

/** The second round ends the gateway. */
const rounds = [["contract.suite.ts", "cli.suite.ts"], ["outage.suite.ts"]] as const;

async function runSuites(
  names: readonly string[],
  rig: Rig,
  signal: AbortSignal,
): Promise<boolean> {
  const config = join(import.meta.dirname, "vitest.config.ts");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [
    vitest,
    "run",
    "--root",
    root,
    "--config",
    config,
    ...names,
    ...process.argv.slice(2),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...rigEnvironment(rig) },
  });
  const stop = (): boolean => child.kill("SIGTERM");
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  const [code] = await once(child, "exit");
  return code === 0;
}

async function withGateway(folder: string, signal: AbortSignal): Promise<boolean> {
  const cache = resolve(process.env["DELEGATE_CACHE_DIR"] ?? join(root, ".cache"), "openclaw");
  say(`installing into ${cache}, unless it is there`);
  const installed = await installGateway(cache, signal);
  const model = await startStandInModel();
  try {
    say("starting the gateway");
    const gateway = await startGateway(installed, model.origin, folder, signal);
    try {
      say(`the gateway is ready at ${gateway.origin} (process ${gateway.pid})`);
      const work = join(folder, "work");
      await mkdir(work);
      const rig = {
        origin: gateway.origin,
        hookToken: gateway.hookToken,
        gatewayPid: gateway.pid,
        modelOrigin: model.origin,
        fencedWorkspace: join(folder, "workspaces", "fenced"),
        folder: work,
      };
      for (const names of rounds) {
        if (!(await runSuites(names, rig, signal))) return false;
      }
      return true;
    } finally {
      await gateway.stop();
      say("the gateway is stopped");
    }
  } finally {
    await model.stop();
  }
}

async function main(): Promise<number> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "delegate-openclaw-")));
  try {
    const hasPassed = await withGateway(folder, canceling.signal);
    canceling.signal.throwIfAborted();
    say(hasPassed ? "passed" : "failed");
    return hasPassed ? 0 : 1;
  } catch (reason) {
    const isCanceled = canceling.signal.aborted;
    say(isCanceled ? "canceled" : reason instanceof Error ? reason.message : String(reason));
    return isCanceled ? 130 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

process.exitCode = await main();
