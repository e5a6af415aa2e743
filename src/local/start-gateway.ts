import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { failure, failureKinds, success } from "../failure.ts";
import type { Failure, Result } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import type { EnsureOptions } from "./ensure-gateway.ts";
import { readLocalGateway } from "./find-gateway.ts";
import type { LocalGateway, LocalGatewayAddress } from "./find-gateway.ts";
import { gatewayPaths } from "./gateway-paths.ts";
import type { GatewayPaths } from "./gateway-paths.ts";
import { withoutRunVariables } from "./run-variables.ts";
import { claimStart, releaseStart } from "./start-claim.ts";
import { summarizeLog } from "./summarize-log.ts";
import { makeFolder, makeIgnoredFolder } from "../system/make-folder.ts";

const MAX_LOG_BYTES = 1024 * 1024;
const STORAGE_EXIT_CODE = failureKinds.storage_failed.exit;
/** A process that found the lock taken is followed by another one only after this long: the owner is about to publish itself, or to leave. */
const RESTART_AFTER_MS = 250;

/** Starts the config's local gateway and waits until it can be called; `rejected` is one that did not answer. */
export async function startLocalGateway(
  options: EnsureOptions,
  rejected: LocalGateway | null,
): Promise<Result<LocalGatewayAddress>> {
  const paths = gatewayPaths(options.config);
  const timeoutMs = options.timeoutMs ?? 15_000;
  const deadline = performance.now() + timeoutMs;
  let starting: Starting | null = null;
  try {
    for (let restMs = 10; ; restMs = Math.min(restMs * 1.5, 50)) {
      const found = readLocalGateway(options.config);
      if (found !== null && (await isUsable(found, rejected, options))) {
        if (starting !== null) endUnlessIt(starting, found);
        return success(found);
      }
      if (starting !== null && starting.failure !== null) return failure(starting.failure);
      if (performance.now() >= deadline) return failure(notStarted(paths, timeoutMs, found));
      if (starting === null || hasLeft(starting)) {
        const folder = prepareFolder(paths);
        if (!folder.ok) return folder;
        if (starting !== null || claimStart(paths.starting)) starting = launch(options, paths);
      }
      await sleep(restMs);
    }
  } finally {
    if (starting !== null) releaseStart(paths.starting);
  }
}

function hasLeft({ endedAtMs }: Starting): boolean {
  return endedAtMs !== null && performance.now() - endedAtMs > RESTART_AFTER_MS;
}

async function isUsable(
  found: LocalGateway,
  rejected: LocalGateway | null,
  { isHealthy }: EnsureOptions,
): Promise<boolean> {
  const isNew = rejected === null || found.token.reveal() !== rejected.token.reveal();
  return isNew || isHealthy(found.origin);
}

/** A gateway process on its way. */
interface Starting {
  readonly process: ChildProcess;
  failure: Failure | null;
  endedAtMs: number | null;
}

function launch({ startCommand, env }: EnsureOptions, paths: GatewayPaths): Starting {
  const [program = "", ...args] = startCommand;
  const log = openLog(paths);
  const child = spawn(program, args, {
    cwd: "/",
    detached: true,
    env: withoutRunVariables(env),
    stdio: ["ignore", log.fd, log.fd],
  });
  closeSync(log.fd);
  const starting: Starting = { process: child, failure: null, endedAtMs: null };
  child.once("error", (error) => {
    starting.failure = startFailed(messageOf(error), paths);
  });
  child.once("exit", (code, signal) => {
    starting.endedAtMs = performance.now();
    if (code === 0) return;
    const how = code === null ? `by ${signal}` : `with code ${code}`;
    const storage =
      code === STORAGE_EXIT_CODE ? ": its folder can't be written (is the disk full?)" : "";
    starting.failure = startFailed(`it ended ${how}${quoteLog(paths, log.size) || storage}`, paths);
  });
  child.unref();
  return starting;
}

/**
 * Somebody else was faster. A process that is still loading would find the lock taken and leave; but when that gateway
 * is stopped first, it would become one that nobody has asked for.
 */
function endUnlessIt(starting: Starting, { pid }: LocalGateway): void {
  if (starting.process.pid !== pid) starting.process.kill();
}

function prepareFolder(paths: GatewayPaths): Result<null> {
  try {
    makeIgnoredFolder(paths.root);
    makeFolder(paths.folder);
    closeSync(openLog(paths).fd);
    return success(null);
  } catch (error) {
    return failure({
      code: "storage_failed",
      message: `the folder of the local gateway can't be written: ${messageOf(error)}`,
      hint: `make sure that ${paths.folder} can be written`,
    });
  }
}

function openLog(paths: GatewayPaths): { fd: number; size: number } {
  const fd = openSync(paths.log, "a", 0o600);
  if (fstatSync(fd).size > MAX_LOG_BYTES) ftruncateSync(fd, 0);
  return { fd, size: fstatSync(fd).size };
}

function quoteLog(paths: GatewayPaths, from: number): string {
  try {
    const text = summarizeLog(readFileSync(paths.log).subarray(from).toString("utf8"));
    return text === "" ? "" : `: ${text}`;
  } catch {
    return "";
  }
}

function startFailed(why: string, paths: GatewayPaths): Failure {
  return {
    code: "unreachable",
    message: `the local gateway could not be started: ${why}`,
    hint: `read ${paths.log}, or run "delegate gateway run" to see it start`,
  };
}

function notStarted(paths: GatewayPaths, ms: number, found: LocalGateway | null): Failure {
  const seconds = Math.round(ms / 100) / 10;
  return found === null
    ? startFailed(`it was not there after ${seconds} s`, paths)
    : {
        code: "unreachable",
        message: `the local gateway (process ${found.pid}) has not answered for ${seconds} s`,
        hint: 'run "delegate gateway stop" and call again',
      };
}
