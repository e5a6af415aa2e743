import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "../rig/patience.ts";

/** Waits until a condition holds that has to be asked for. */
export async function untilAsync(condition: () => Promise<boolean>, what: string): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (!(await condition())) {
    if (patience.aborted) throw new Error(`${what} did not come about`);
    await sleep(20);
  }
}
