import type { Clock } from "../clock.ts";

/** The system's time as it was when the process started, then moving on evenly: a clock that is set meanwhile does not matter. */
export const monotonicClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
};
