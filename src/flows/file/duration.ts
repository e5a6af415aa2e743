import type { Json } from "../../json/json.ts";

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A duration in milliseconds, from seconds or from a text such as `90s` or `1h30m`; null when it is none. */
export function durationMs(written: Json | undefined): number | null {
  if (typeof written === "number") return Math.round(written * 1000);
  if (typeof written !== "string" || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(written))
    return null;
  const parts = written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
  let ms = 0;
  for (const [, count, unit] of parts) ms += Number(count) * (unitsMs[unit ?? ""] ?? 0);
  return Math.round(ms);
}
