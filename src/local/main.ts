import { randomBytes, randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { toIso } from "../clock.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { exitCodeOf, failure, success } from "../failure.ts";
import type { Failure, Result } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import { Secret } from "../secret.ts";
import { createCurrentConfig } from "./current-config.ts";
import { createDispatcher } from "./dispatch.ts";
import type { Environment } from "../environment.ts";
import { gatewayPaths } from "./gateway-paths.ts";
import type { GatewayPaths } from "./gateway-paths.ts";
import { takeProcessLock } from "../system/process-lock.ts";
import type { ProcessLock } from "../system/process-lock.ts";
import { hearEnd, watchNeed } from "./watch-need.ts";
import { gatewayLimits } from "./limits.ts";
import type { GatewayLimits } from "./limits.ts";
import type { GatewayLog } from "./log.ts";
import { endLostProcesses } from "./lost-processes.ts";
import { readProcessStat } from "../system/process-life.ts";
import { makeProgramsFolder } from "./programs-folder.ts";
import { GATEWAY_SCHEMA } from "./published-gateway.ts";
import type { PublishedGateway } from "./published-gateway.ts";
import { publishGateway, unpublishGateway } from "./publish-gateway.ts";
import { runAgent } from "./run-agent.ts";
import { createGatewayServer } from "./server.ts";
import { makeFolder, makeIgnoredFolder } from "../system/make-folder.ts";

/** What a local gateway is given by whoever composes the program. */
export interface GatewayOptions {
  readonly loadConfig: () => Result<Config>;
  /** The program's own entry, which agents call as `delegate`. */
  readonly launcherPath: string;
  readonly version: string;
  /** What commands inherit. */
  readonly env: Environment;
  readonly log: GatewayLog;
  readonly clock: Clock;
  readonly limits?: Partial<GatewayLimits>;
}

/** Is the local gateway of a config until nobody needs it or it is asked to end; the value is the process's exit code. */
export async function runLocalGateway(options: GatewayOptions): Promise<number> {
  const loaded = options.loadConfig();
  if (!loaded.ok) return refuse(loaded.failure, options);
  const paths = gatewayPaths(loaded.value);
  const lock = prepare(paths, options);
  if (!lock.ok) return refuse(lock.failure, options);
  if (lock.value === null) {
    options.log({
      type: "gateway_not_needed",
      message: "another local gateway of this config is running",
    });
    return 0;
  }
  try {
    return await serve(loaded.value, paths, options);
  } finally {
    lock.value.release();
    options.log({ type: "gateway_ended" });
  }
}

function refuse(reason: Failure, { log }: GatewayOptions): number {
  const { code, message, hint } = reason;
  log({ type: "gateway_failed", code, message: hint === "" ? message : `${message} (${hint})` });
  return exitCodeOf(reason);
}

function prepare(
  paths: GatewayPaths,
  { launcherPath }: GatewayOptions,
): Result<ProcessLock | null> {
  try {
    makeIgnoredFolder(paths.root);
    makeFolder(paths.folder);
    const lock = takeProcessLock(paths.lock);
    if (lock !== null) makeProgramsFolder(paths.programs, launcherPath);
    return success(lock);
  } catch (error) {
    return failure({
      code: "storage_failed",
      message: `the local gateway can't use its folder: ${messageOf(error)}`,
      hint: `make sure that ${paths.folder} can be written`,
    });
  }
}

async function serve(
  config: Config,
  paths: GatewayPaths,
  options: GatewayOptions,
): Promise<number> {
  const { log, clock, version } = options;
  const limits = { ...gatewayLimits, ...options.limits };
  const token = new Secret(randomBytes(32).toString("hex"));
  const host = { ...options, programsFolder: paths.programs, graceMs: limits.graceMs };
  let askedAtMs = performance.now();
  let isDraining = false;
  const onAsked = (): void => {
    askedAtMs = performance.now();
  };
  const currentConfig = createCurrentConfig(config, options.loadConfig);
  const dispatcher = createDispatcher({
    ...limits,
    log,
    start: (call, runId) => runAgent(call, runId, host),
    createRunId: () => randomUUID(),
    onRunEnded: onAsked,
  });
  const server = createGatewayServer({
    ...limits,
    token,
    version,
    currentConfig,
    dispatcher,
    isDraining: () => isDraining,
    log,
    onAsked,
  });
  // Before callers know where it is, and may stop it.
  const told = hearEnd(log);
  const opened = await open(server, paths, { token, version, clock });
  if (!opened.ok) return refuse(opened.failure, options);
  const published = opened.value;
  log({ type: "gateway_started", url: published.url, version });
  const lostEnded = endLost(config, limits.graceMs, log);
  const because = await watchNeed({
    paths,
    published,
    lookMs: limits.lookMs,
    idleMs: () => {
      const now = currentConfig();
      return (now.ok ? now.value : config).gateway.idleSeconds * 1000;
    },
    isBusy: () => dispatcher.activeCount() > 0,
    askedAtMs: () => askedAtMs,
    log,
    told,
  });
  log({ type: "gateway_leaving", because });
  isDraining = true;
  // Left in the middle of it, what was lost could stay for ever.
  await Promise.all([dispatcher.stop(), lostEnded]);
  unpublishGateway(paths.published, published);
  await close(server);
  return because === "bug" ? 70 : 0;
}

async function endLost(config: Config, graceMs: number, log: GatewayLog): Promise<void> {
  const pids = await endLostProcesses(config.handoffDir, graceMs);
  if (pids.length > 0) log({ type: "lost_processes_ended", pids });
}

/** Listens first and tells callers where only then. */
async function open(
  server: Server,
  { published, folder }: GatewayPaths,
  own: { readonly token: Secret; readonly version: string; readonly clock: Clock },
): Promise<Result<PublishedGateway>> {
  try {
    const gateway: PublishedGateway = {
      schema: GATEWAY_SCHEMA,
      url: `http://127.0.0.1:${await listen(server)}`,
      token: own.token.reveal(),
      pid: process.pid,
      processStart: readProcessStat(process.pid)?.start ?? null,
      startedAt: toIso(own.clock.nowMs()),
      version: own.version,
    };
    publishGateway(published, gateway);
    return success(gateway);
  } catch (error) {
    server.close();
    return failure({
      code: "storage_failed",
      message: `the local gateway can't open: ${messageOf(error)}`,
      hint: `make sure that ${folder} can be written and that 127.0.0.1 is there`,
    });
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
      else reject(new Error("a listening server without a port"));
    });
  });
}

/** How long answers that are already decided may take to leave. */
const CLOSE_WITHIN_MS = 1000;

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const clock = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
    server.close(() => {
      clearTimeout(clock);
      resolve();
    });
    server.closeIdleConnections();
  });
}
