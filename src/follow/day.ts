import { toIso } from "../clock.ts";

/** A day in milliseconds; in UTC all are of one length. */
export const DAY_MS = 86_400_000;

/** The day of an instant in UTC, as the daily logs are named: 2026-11-21. */
export function dayOf(ms: number): string {
  return toIso(ms).slice(0, 10);
}

/** The day whose log this file is, or null when it is no daily log. */
export function dayOfFileName(name: string): string | null {
  return /^(\d{4}-\d{2}-\d{2})\.jsonl$/.exec(name)?.[1] ?? null;
}

/** When a day begins, in milliseconds since 1970. */
export function startOfDayMs(ms: number): number {
  return Date.parse(`${dayOf(ms)}T00:00:00.000Z`);
}
