import { setImmediate } from "node:timers/promises";
import type { ChangeWatch } from "./change-watch.ts";
import type { LineSource } from "./line-source.ts";

/** Lines as they come, and whether there are no more for now. */
export interface LineBatch {
  readonly lines: readonly string[];
  readonly isAtEnd: boolean;
}

/**
 * All that is there, and with a watch, all that comes until the signal fires. Takes breath after each batch, so that
 * signals are heard in the middle of a large file.
 */
export async function* followLines(
  source: LineSource,
  change: ChangeWatch | null,
  signal: AbortSignal,
): AsyncGenerator<LineBatch> {
  while (!signal.aborted) {
    const lines = source.read();
    yield { lines: lines ?? [], isAtEnd: lines === null };
    if (lines !== null) await setImmediate();
    else if (change === null) return;
    else await change.next(signal);
  }
}
