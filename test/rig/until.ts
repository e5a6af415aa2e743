import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "./patience.ts";

/** Waits until a condition holds; for what nobody can notify a test of. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`${what} did not come about within ${PATIENCE_MS / 1000} s`);
    await sleep(5);
  }
}
