import type { WatchRow } from "./watch-row.ts";

/** Somebody who is shown how runs stand. */
export interface WatchView {
  /** One run as it has become at this instant. */
  onRow(row: WatchRow, atMs: number): void;
  /** All runs in flight as they are now, and those that have ended since the last time. */
  show(rows: readonly WatchRow[], ended: readonly WatchRow[], nowMs: number): void;
  /** The same for the last time. */
  finish(rows: readonly WatchRow[], ended: readonly WatchRow[], nowMs: number): void;
}
