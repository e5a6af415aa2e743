/** Milliseconds since 1970; a port, so that pure code and tests need no real clock. */
export interface Clock {
  nowMs(): number;
}

/** The instant as the project writes it: UTC, ISO 8601 with milliseconds. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
