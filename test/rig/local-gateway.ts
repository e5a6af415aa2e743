import { readdirSync } from "node:fs";
import { isProcessAlive } from "../../src/system/process-life.ts";
import type { Rig } from "./rig.ts";
import { until } from "./until.ts";

/** The pid of the local gateway, or null when none is published. */
export function gatewayPid(rig: Rig): number | null {
  try {
    const [home] = readdirSync(`${rig.handoffDir}/.gateway`);
    const { pid }: { pid: number } = JSON.parse(rig.read(`handoffs/.gateway/${home}/gateway.json`));
    return pid;
  } catch {
    return null;
  }
}

/** Ends it as a crash would. */
export async function killGateway(rig: Rig): Promise<void> {
  const pid = gatewayPid(rig);
  if (pid === null) throw new Error("there is no gateway");
  process.kill(pid, "SIGKILL");
  await until(() => !isProcessAlive(pid, null), "the gateway's end");
}
