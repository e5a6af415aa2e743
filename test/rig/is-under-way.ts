import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningCli } from "./rig.ts";
import { until } from "./until.ts";

/** Node itself answers to Ctrl-C from its first moment on, but not to this. */
const hangup = 1n << BigInt(constants.signals.SIGHUP - 1);

/** So often is it seen asleep at a stretch, 5 ms apart. */
export const LOOKS_AT_REST = 20;

/** Waits until a command is past its start: it has its own answers to signals. Elsewhere than on Linux, half a second. */
export async function isUnderWay({ child }: RunningCli): Promise<void> {
  if (process.platform !== "linux") {
    await sleep(500);
    return;
  }
  await until(() => (caughtSignals(child.pid) & hangup) !== 0n, `the start of ${child.pid}`);
}

/** Waits until a command that has come up has nothing more to do than to wait. Elsewhere than on Linux, half a second. */
export async function isAtRest(running: RunningCli): Promise<void> {
  await isUnderWay(running);
  await isAsleep(running.child.pid, LOOKS_AT_REST);
}

/** Waits until a process is seen asleep, so often at a stretch: then it holds no lock that it takes only for a moment. */
export async function isAsleep(pid: number | undefined, looks = 1): Promise<void> {
  if (process.platform !== "linux") return;
  let seen = 0;
  await until(() => {
    seen = doesSleep(pid) ? seen + 1 : 0;
    return seen === looks;
  }, `the rest of ${pid}`);
}

/** All of its threads sleep: none computes, waits for a processor, or for the disk, or has just ended. */
function doesSleep(pid: number | undefined): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    /^\d+ \(.*\) S /.test(readIfThere(`/proc/${pid}/task/${thread}/stat`)),
  );
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function caughtSignals(pid: number | undefined): bigint {
  const [, mask] = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return BigInt(`0x${mask ?? "0"}`);
}
