import { statSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";

/** How often to look. */
export interface ChangePace {
  /** Looks are at least so far apart, however much happens. */
  readonly leastMs: number;
  /** Looks are at most so far apart: network file systems and full queues swallow notifications. */
  readonly mostMs: number;
}

/** More folders than this are not worth a notification each. */
const MOST_WATCHED = 64;

/** Between looks when nothing notifies us. */
const POLL_MS = 100;

/** Tells when it is time to look at files again: something has changed in their folders, or some time has passed. */
export class ChangeWatch {
  readonly #pace: ChangePace;
  readonly #folders = new Map<string, WatchedFolder>();
  #hasChanged = false;
  #wake: (() => void) | null = null;
  #lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(pace: ChangePace) {
    this.#pace = pace;
  }

  /** Watches one more folder, which need not be there yet. */
  add(folder: string): void {
    if (this.#folders.has(folder)) return;
    const watched = new WatchedFolder(folder, () => this.notice());
    this.#folders.set(folder, watched);
    if (this.#folders.size <= MOST_WATCHED) watched.attach();
  }

  /** Watches a folder no longer. */
  remove(folder: string): void {
    this.#folders.get(folder)?.detach();
    this.#folders.delete(folder);
  }

  /** Something has changed that is in no folder. */
  notice(): void {
    this.#hasChanged = true;
    this.#wake?.();
  }

  /** Resolves when it is time to look again; at once when the signal has fired. */
  async next(signal: AbortSignal): Promise<void> {
    const sinceLast = performance.now() - this.#lastAtMs;
    await this.#pause(Math.max(0, this.#pace.leastMs - sinceLast), signal, false);
    if (!this.#hasChanged) await this.#pause(this.#patienceMs(), signal, true);
    this.#hasChanged = false;
    this.#lastAtMs = performance.now();
    for (const folder of [...this.#folders.values()].slice(0, MOST_WATCHED)) folder.attach();
  }

  close(): void {
    for (const folder of this.#folders.values()) folder.detach();
    this.#folders.clear();
  }

  #patienceMs(): number {
    const isBlind = [...this.#folders.values()].some(({ isAttached }) => !isAttached);
    return isBlind ? Math.min(POLL_MS, this.#pace.mostMs) : this.#pace.mostMs;
  }

  async #pause(ms: number, signal: AbortSignal, endsAtChange: boolean): Promise<void> {
    if (ms <= 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done, { once: true });
      if (endsAtChange) this.#wake = done;
    });
  }
}

/** The notifications of one folder, taken up again when another folder has taken its place. */
class WatchedFolder {
  readonly #path: string;
  readonly #onChange: () => void;
  #watcher: FSWatcher | null = null;
  #inode = 0;

  constructor(path: string, onChange: () => void) {
    this.#path = path;
    this.#onChange = onChange;
  }

  get isAttached(): boolean {
    return this.#watcher !== null;
  }

  attach(): void {
    const inode = statSync(this.#path, { throwIfNoEntry: false })?.ino ?? 0;
    if (this.#watcher !== null && inode === this.#inode) return;
    this.detach();
    if (inode === 0) return;
    try {
      const watcher = watch(this.#path, this.#onChange);
      watcher.on("error", () => this.detach());
      this.#watcher = watcher;
      this.#inode = inode;
    } catch {
      // No notifications to be had, for instance because the system's watches are used up: then we look often.
    }
  }

  detach(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }
}
