/** For each other worker at work, its beat and how many of this worker's own have gone by since. */
export type SeenBeats = ReadonlyMap<number, { readonly beat: number; readonly missed: number }>;

/** So many beats of one's own without one of the other: it is given up. */
export const MOST_MISSED = 5;

/**
 * Counts others' silence in beats of one's own, not in time: while the file is locked, the machine sleeps, or this
 * process is stopped, nobody falls silent.
 */
export function countMissed(
  seen: SeenBeats,
  others: readonly { readonly number: number; readonly beat: number }[],
): { readonly seen: SeenBeats; readonly silent: readonly number[] } {
  const now = new Map(
    others.map(({ number, beat }) => {
      const before = seen.get(number);
      const missed = before?.beat === beat ? before.missed + 1 : 0;
      return [number, { beat, missed }];
    }),
  );
  const silent = [...now]
    .filter(([, { missed }]) => missed >= MOST_MISSED)
    .map(([number]) => number);
  return { seen: now, silent };
}
