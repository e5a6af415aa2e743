const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_LETTERS = 10;
const RANDOM_LETTERS = 16;

/** How many random bytes a new run id takes. */
export const RUN_ID_RANDOM_BYTES = RANDOM_LETTERS;

/** A new run id: 10 letters that sort by time, then 80 random bits; Crockford's base 32, as in a ULID. */
export function newRunId(nowMs: number, randomBytes: Uint8Array): string {
  let time = "";
  for (let rest = Math.floor(nowMs), left = TIME_LETTERS; left > 0; left -= 1) {
    time = alphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  const random = [...randomBytes.subarray(0, RANDOM_LETTERS)].map((byte) =>
    alphabet.charAt(byte % 32),
  );
  return time + random.join("");
}

/** Whether a run id was made here and tells when; otherwise it is somebody's own. */
export function isMadeRunId(runId: string): boolean {
  return madePattern.test(runId);
}

const madePattern = /^0[0-9a-hjkmnp-tv-z]{25}(?:\.|$)/;

/** When a run id was made, in milliseconds since 1970; null when it is somebody's own id. */
export function createdAtOfRunId(runId: string): number | null {
  if (!isMadeRunId(runId)) return null;
  let ms = 0;
  for (const letter of runId.slice(0, TIME_LETTERS)) ms = ms * 32 + alphabet.indexOf(letter);
  return ms;
}
