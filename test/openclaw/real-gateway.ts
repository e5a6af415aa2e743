import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../rig/loopback.ts";
import { buildGatewayConfig } from "./gateway-config.ts";
import type { InstalledGateway } from "./install.ts";

/** A gateway that is up, and what a caller has to know. */
export interface RunningGateway {
  readonly origin: string;
  readonly hookToken: string;
  readonly gatewayToken: string;
  readonly pid: number;
  /** Ends it: asks first, and kills after 10 s. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 10_000;

/** Starts a gateway whose state, config and log are all below `folder`, and waits until it is ready. */
export async function startGateway(
  installed: InstalledGateway,
  modelOrigin: string,
  folder: string,
  signal: AbortSignal,
): Promise<RunningGateway> {
  const port = await freePort();
  const secrets = { hookToken: newSecret(), gatewayToken: newSecret() };
  for (const name of ["home", "state", "tmp"]) await mkdir(join(folder, name));
  const config = buildGatewayConfig({ port, modelOrigin, folder, ...secrets });
  await writeFile(join(folder, "openclaw.json"), JSON.stringify(config, null, 2), { mode: 0o600 });

  const child = await spawnGateway(installed, folder);
  const gateway = {
    origin: `http://127.0.0.1:${port}`,
    ...secrets,
    pid: child.pid ?? 0,
    stop: () => stopChild(child),
  };
  try {
    await waitUntilReady(gateway.origin, child, signal);
    return gateway;
  } catch (reason) {
    await gateway.stop();
    const log = await readFile(join(folder, "gateway.log"), "utf8");
    throw new Error(`the gateway did not start; its log ends with:\n${log.slice(-3000)}`, {
      cause: reason,
    });
  }
}

async function spawnGateway(installed: InstalledGateway, folder: string): Promise<ChildProcess> {
  const log = await open(join(folder, "gateway.log"), "a");
  const child = spawn(installed.node, [installed.program, "gateway", "run"], {
    cwd: folder,
    stdio: ["ignore", log.fd, log.fd],
    env: { ...process.env, ...environmentIn(folder) },
  });
  await once(child, "spawn");
  await log.close();
  return child;
}

/** What keeps OpenClaw inside its folder and off the network. */
function environmentIn(folder: string): Record<string, string> {
  return {
    HOME: join(folder, "home"),
    OPENCLAW_HOME: join(folder, "home"),
    OPENCLAW_STATE_DIR: join(folder, "state"),
    OPENCLAW_CONFIG_PATH: join(folder, "openclaw.json"),
    TMPDIR: join(folder, "tmp"),
    OPENCLAW_NO_RESPAWN: "1",
    OPENCLAW_NO_AUTO_UPDATE: "1",
    OPENCLAW_DISABLE_BONJOUR: "1",
    OPENCLAW_OFFLINE: "1",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
}

async function waitUntilReady(
  origin: string,
  child: ChildProcess,
  signal: AbortSignal,
): Promise<void> {
  const endsAt = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < endsAt) {
    if (child.exitCode !== null) throw new Error(`it exited with code ${child.exitCode}`);
    const isReady = await fetch(`${origin}/readyz`).then(
      (answer) => answer.status === 200,
      () => false,
    );
    if (isReady) return;
    await sleep(200, undefined, { signal });
  }
  throw new Error(`it was not ready after ${READY_TIMEOUT_MS / 1000} s`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(killer);
}

function newSecret(): string {
  return randomBytes(24).toString("hex");
}
