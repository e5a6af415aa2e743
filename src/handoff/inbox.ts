import { basename } from "node:path";
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import type { FinalReading } from "./check.ts";
import { attemptFileName, attemptOfFileName, isMailFileName, MAX_ATTEMPT_FILES } from "./paths.ts";
import { isGone, readHandoffFile, stampOf } from "./read.ts";
import type { Expectation } from "./rules.ts";
import type { FileState, InboxReading } from "./settle.ts";
import { conclude, settle, toldState } from "./settle.ts";

export type { InboxReading } from "./settle.ts";

/** Which folder to look into, for what, and whom to tell. */
export interface InboxOptions {
  /** The folder of one run; it must exist. */
  readonly folder: string;
  readonly expectation: Expectation;
  /** Whether to look now and then instead of being notified, for file systems that don't notify. */
  readonly poll: boolean;
  readonly listener: InboxListener;
}

/** Whom an inbox tells what it finds. */
export interface InboxListener {
  hearReading(attempt: number, reading: InboxReading): void;
  /** There may be something new in the folder that is not a handoff. */
  hearMail(): void;
  /** Told at most once. */
  hearFolderGone(): void;
}

/** Waits for the handoff files of all attempts of one run. */
export interface Inbox {
  /**
   * What an attempt's file says as it is now, an unfinished one being malformed; null when there is none, or only a sign
   * of life that was told already.
   */
  finalReading(attempt: number): Promise<FinalReading | null>;
  /** Ends all watching; nothing is told afterwards. */
  close(): Promise<void>;
}

/** Opens an inbox; when it resolves, nothing can be missed any more, and what is there already has been told. */
export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const inbox = new FolderInbox(options);
  inbox.open();
  return inbox;
}

/** Between looks when nothing notifies us. */
const POLL_MS = 100;

/** Between looks beside notifications, which network file systems and full queues swallow. */
const SLOW_POLL_MS = 1_000;

/**
 * Beside notifications a folder whose own time has not changed is looked through only so often; after a change, more
 * than once, since the times of file systems are coarse.
 */
const LOOKS_AFTER_CHANGE = 3;
const LOOKS_BETWEEN = 10;

/** A writer that has just emptied the file to fill it anew gets this long. */
const LAST_CHANCE_MS = 20;

const attempts: readonly number[] = Array.from(
  { length: MAX_ATTEMPT_FILES },
  (_, index) => index + 1,
);

class FolderInbox implements Inbox {
  readonly #options: InboxOptions;
  /** What is known of each attempt's file, by its number; mostly nothing, for a long time. */
  readonly #states: (FileState | undefined)[] = [];
  readonly #timers: (NodeJS.Timeout | undefined)[] = [];
  /** Attempts whose file is looked at as soon as all that was notified has come in. */
  #due: number[] = [];
  #isMailDue = false;
  #watcher: FSWatcher | null = null;
  #folderStamp: string | null = null;
  #looksSinceChange = 0;
  #pollTimer: NodeJS.Timeout | null = null;
  #isFolderGone = false;
  #isClosed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  open(): void {
    const { folder, poll } = this.#options;
    if (!poll && !isGone(folder)) this.#watch();
    this.#startPolling(this.#watcher === null ? POLL_MS : SLOW_POLL_MS);
    this.#poll();
  }

  async finalReading(attempt: number): Promise<FinalReading | null> {
    const { expectation } = this.#options;
    const path = this.#pathOf(attempt);
    let file = readHandoffFile(path);
    let reading = conclude(file, expectation);
    if (reading?.kind === "rejected" && reading.code === "malformed") {
      await new Promise((resolve) => setTimeout(resolve, LAST_CHANCE_MS));
      file = readHandoffFile(path);
      reading = conclude(file, expectation);
    }
    const before = this.#states[attempt];
    this.#remember(attempt, toldState(before ?? null, file, performance.now()));
    const isOldNews =
      file.kind === "read" && before?.isTold === true && before.stamp === file.stamp;
    return reading?.kind === "working" && isOldNews ? null : reading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#pollTimer !== null) clearInterval(this.#pollTimer);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#stopWatching();
  }

  /** One folder without anything below it: the system's own notification is enough, and costs next to nothing. */
  #watch(): void {
    try {
      const watcher = watch(this.#options.folder, { persistent: true });
      watcher.on("change", (_event, name) => this.#notice(name === null ? null : String(name)));
      watcher.on("error", () => this.#fallBack());
      this.#watcher = watcher;
    } catch {
      // The system's watches are used up, or the file system has none: then it is looked at often.
    }
  }

  /** No notifications to be had, for instance because the system's watches are used up: then look often. */
  #fallBack(): void {
    if (this.#isClosed || this.#watcher === null) return;
    this.#stopWatching();
    if (this.#pollTimer !== null) this.#startPolling(POLL_MS);
  }

  #stopWatching(): void {
    const watcher = this.#watcher;
    this.#watcher = null;
    watcher?.close();
  }

  #startPolling(intervalMs: number): void {
    if (this.#pollTimer !== null) clearInterval(this.#pollTimer);
    this.#pollTimer = setInterval(() => this.#poll(), intervalMs);
  }

  #poll(): void {
    this.#checkFolder();
    const isThorough = this.#watcher === null || this.#isTimeForAll();
    for (const attempt of attempts) {
      const known = this.#states[attempt];
      if (!isThorough && known === undefined) continue;
      if (stampOf(this.#pathOf(attempt)) !== (known?.stamp ?? null)) this.#look(attempt);
    }
    if (isThorough && !this.#isClosed) this.#options.listener.hearMail();
  }

  #isTimeForAll(): boolean {
    const folderStamp = stampOf(this.#options.folder);
    this.#looksSinceChange = folderStamp === this.#folderStamp ? this.#looksSinceChange + 1 : 0;
    this.#folderStamp = folderStamp;
    return (
      this.#looksSinceChange < LOOKS_AFTER_CHANGE || this.#looksSinceChange % LOOKS_BETWEEN === 0
    );
  }

  #checkFolder(): void {
    const { folder, listener } = this.#options;
    if (this.#isClosed || this.#isFolderGone || !isGone(folder)) return;
    this.#isFolderGone = true;
    // Left to itself, the watcher would go on to watch the folder above, however large.
    this.#fallBack();
    listener.hearFolderGone();
  }

  #notice(path: string | null | undefined): void {
    const name = path === null || path === undefined ? null : basename(path);
    const attempt = name === null ? null : attemptOfFileName(name);
    if (attempt !== null && attempt <= MAX_ATTEMPT_FILES) this.#schedule([attempt], false);
    else if (name === null || name === basename(this.#options.folder))
      this.#schedule(attempts, true);
    else if (isMailFileName(name)) this.#schedule([], true);
  }

  #schedule(noticed: readonly number[], isMail: boolean): void {
    if (this.#due.length === 0 && !this.#isMailDue) setImmediate(() => this.#lookAtDue());
    for (const attempt of noticed) if (!this.#due.includes(attempt)) this.#due.push(attempt);
    this.#isMailDue ||= isMail;
  }

  #lookAtDue(): void {
    const due = this.#due;
    const isMailDue = this.#isMailDue;
    this.#due = [];
    this.#isMailDue = false;
    if (due.length > 1) this.#checkFolder();
    for (const attempt of due) this.#look(attempt);
    if (isMailDue && !this.#isClosed) this.#options.listener.hearMail();
  }

  #look(attempt: number): void {
    if (this.#isClosed) return;
    const { expectation, listener } = this.#options;
    const file = readHandoffFile(this.#pathOf(attempt));
    const before = this.#states[attempt] ?? null;
    const { state, report, lookAgainInMs } = settle(before, file, expectation, performance.now());
    this.#remember(attempt, state);
    if (lookAgainInMs !== null) this.#lookLater(attempt, lookAgainInMs);
    if (report !== null) listener.hearReading(attempt, report);
  }

  #lookLater(attempt: number, delayMs: number): void {
    const look = (): void => this.#look(attempt);
    this.#timers[attempt] = setTimeout(look, Math.max(1, Math.ceil(delayMs)));
  }

  #remember(attempt: number, state: FileState | null): void {
    clearTimeout(this.#timers[attempt]);
    this.#states[attempt] = state ?? undefined;
  }

  #pathOf(attempt: number): string {
    return `${this.#options.folder}/${attemptFileName(attempt)}`;
  }
}
