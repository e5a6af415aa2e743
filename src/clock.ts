/** Milliseconds since 1970; a port, so that pure code and tests need no real clock. */
export interface Clock {
  nowMs(): number;
}

/** The instant as the project writes it: UTC, ISO 8601 with milliseconds. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The longest that the system's timers can wait, in milliseconds. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The longest time that may be asked for, in seconds: 30 days. */
export const LONGEST_ASKED_SECONDS = 30 * 24 * 3600;
