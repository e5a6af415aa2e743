import { setTimeout as sleep } from "node:timers/promises";

/** Waits so many milliseconds, or until the signal fires. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
