/** A moment as somebody says it: so long ago, or an instant; in milliseconds. */
export type Since =
  | { readonly kind: "ago"; readonly ms: number }
  | { readonly kind: "at"; readonly ms: number };

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** The earliest moment that can be said: nothing has been logged before. */
const LONGEST_AGO_MS = 100 * 365 * 86_400_000;

/** Reads `10m`, `2h`, `3d`, or an instant or a day (UTC) in ISO 8601; null when it is none of these. */
export function parseSince(text: string): Since | null {
  const ago = /^(\d{1,9})([smhdw])$/.exec(text);
  if (ago !== null) {
    const ms = Number(ago[1]) * (unitsMs[ago[2] ?? ""] ?? 0);
    return ms <= LONGEST_AGO_MS ? { kind: "ago", ms } : null;
  }
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text))
    return null;
  const ms = Date.parse(text.replace(",", "."));
  return Number.isNaN(ms) ? null : { kind: "at", ms };
}

/** The moment in milliseconds since 1970. */
export function sinceAtMs(since: Since, nowMs: number): number {
  return since.kind === "at" ? since.ms : Math.max(0, nowMs - since.ms);
}
