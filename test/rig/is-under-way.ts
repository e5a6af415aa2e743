import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningCli } from "./rig.ts";
import { until } from "./until.ts";

/** Node itself answers to Ctrl-C from its first moment on, but not to this. */
const hangup = 1n << BigInt(constants.signals.SIGHUP - 1);

/** Waits until a command is past its start: it has its own answers to signals. Elsewhere than on Linux, half a second. */
export async function isUnderWay({ child }: RunningCli): Promise<void> {
  if (process.platform !== "linux") {
    await sleep(500);
    return;
  }
  await until(() => (caughtSignals(child.pid) & hangup) !== 0n, `the start of ${child.pid}`);
}

function caughtSignals(pid: number | undefined): bigint {
  const [, mask] = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return BigInt(`0x${mask ?? "0"}`);
}
