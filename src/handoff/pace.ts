/** The most signs of life of one file that are told within `WINDOW_MS`. */
const MOST_IN_WINDOW = 4;
const WINDOW_MS = 1_000;

/** When signs of life were told, the newest last; only as many as matter. */
export type Pace = readonly number[];

/** The milliseconds until the next sign of life may be told; 0 when it may be now. */
export function pauseMs(pace: Pace, nowMs: number): number {
  const earliest = pace.at(-MOST_IN_WINDOW);
  return earliest === undefined ? 0 : Math.max(0, earliest + WINDOW_MS - nowMs);
}

/** The pace after one more was told. */
export function tellAt(pace: Pace, nowMs: number): Pace {
  return [...pace, nowMs].slice(-MOST_IN_WINDOW);
}
