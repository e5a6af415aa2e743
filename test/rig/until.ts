import { setTimeout as sleep } from "node:timers/promises";

/** Waits until a condition holds; for what nobody can notify a test of. */
export async function until(
  condition: () => boolean,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`${what} did not come about within ${withinMs / 1000} s`);
    await sleep(5);
  }
}
