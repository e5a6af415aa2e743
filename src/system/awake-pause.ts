import { setTimeout as sleep } from "node:timers/promises";

const SLICE_MS = 50;

/**
 * Waits so many milliseconds in which this process has its turns: while it is held up, by a busy machine or by itself, only
 * a little of them passes. So what others have done meanwhile is seen before the time is over. Ends early with the signal.
 */
export async function pauseAwake(
  ms: number,
  { signal, ref = true }: { readonly signal?: AbortSignal; readonly ref?: boolean } = {},
): Promise<void> {
  const options = signal === undefined ? { ref } : { ref, signal };
  for (let leftMs = ms; leftMs > 0; leftMs -= SLICE_MS) {
    if (signal?.aborted === true) return;
    await sleep(Math.min(SLICE_MS, leftMs), undefined, options).catch(() => undefined);
  }
}
