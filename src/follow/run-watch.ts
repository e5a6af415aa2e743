import { setImmediate } from "node:timers/promises";
import type { Failure } from "../failure.ts";
import type { RunEvent } from "../events/event.ts";
import { parseEvent } from "../run/stored/event-lines.ts";
import { storageFailure } from "../run/stored/run-folder.ts";
import { Attendance } from "./attendance.ts";
import type { LineSource } from "./line-source.ts";
import type { RunLooks } from "./attendance.ts";
import type { WatchRow } from "./watch-row.ts";
import { applyToRow, newWatchRow, unreadable, withAttended, withoutFolder } from "./watch-row.ts";

/** What is known of a run before its events are read. */
export interface KnownRun {
  readonly runId: string;
  readonly agent: string;
  readonly createdAtMs: number;
}

/** What watching runs needs. */
export interface RunWatchTools {
  readonly open: (runId: string) => LineSource;
  readonly looksAt: (runId: string) => RunLooks;
  readonly nowMs: () => number;
  /** Hears of each run as it is, then of each change; an instant of when goes with it. */
  readonly onRow: (row: WatchRow, atMs: number) => void;
  /** Hears why a run can't be read, which is then watched no longer. */
  readonly onTrouble: (reason: Failure) => void;
}

interface WatchedRun {
  row: WatchRow;
  readonly source: LineSource;
  readonly attendance: Attendance;
  /** Whether what had happened before has been read, so that what comes is news. */
  isUpToDate: boolean;
}

/** How much of one run is read before it is the others' turn; a flood must not keep them from being shown. */
const MOST_READS_AT_ONCE = 16;

/** Follows the events of many runs, and knows where each stands. */
export class RunWatch {
  readonly #tools: RunWatchTools;
  readonly #runs = new Map<string, WatchedRun>();
  #isBehind = false;

  constructor(tools: RunWatchTools) {
    this.#tools = tools;
  }

  /** The runs that have not ended, oldest first. */
  get rows(): readonly WatchRow[] {
    return [...this.#runs.values()]
      .map(({ row }) => row)
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Whether more had happened than was read the last time. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Watches one more run; each of its events is news when it has only just begun. */
  add({ runId, agent, createdAtMs }: KnownRun, isNew: boolean): void {
    if (this.#runs.has(runId)) return;
    const { open, looksAt, nowMs } = this.#tools;
    this.#runs.set(runId, {
      row: newWatchRow(runId, agent, createdAtMs),
      source: open(runId),
      attendance: new Attendance(looksAt(runId), nowMs),
      isUpToDate: isNew,
    });
  }

  /** Reads what has happened; the runs that have ended since are returned, and watched no longer. */
  async read(signal: AbortSignal): Promise<readonly WatchRow[]> {
    const ended: WatchRow[] = [];
    this.#isBehind = false;
    for (const [runId, run] of this.#runs) {
      await this.#readRun(run, signal);
      if (run.row.state.kind !== "ended") continue;
      ended.push(run.row);
      run.source.close();
      this.#runs.delete(runId);
    }
    return ended;
  }

  close(): void {
    for (const { source } of this.#runs.values()) source.close();
    this.#runs.clear();
  }

  async #readRun(run: WatchedRun, signal: AbortSignal): Promise<void> {
    let reads = 0;
    for (let lines = run.source.read(); lines !== null; lines = run.source.read()) {
      for (const line of lines) {
        const event = parseEvent(line);
        if (event !== null) this.#apply(run, event);
      }
      await setImmediate();
      reads += 1;
      this.#isBehind ||= reads === MOST_READS_AT_ONCE;
      if (signal.aborted || reads === MOST_READS_AT_ONCE) return;
    }
    const { nowMs, onRow } = this.#tools;
    const before = run.row;
    if (before.state.kind !== "ended") run.row = this.#standing(run);
    if (!run.isUpToDate || run.row !== before) onRow(run.row, nowMs());
    run.isUpToDate = true;
  }

  /** How a run stands that has not ended by what could be read of it. */
  #standing(run: WatchedRun): WatchRow {
    const nowMs = this.#tools.nowMs();
    const { trouble } = run.source;
    if (trouble === null) return attended(run, nowMs);
    const reason = storageFailure(trouble.path, trouble.error);
    this.#tools.onTrouble(reason);
    return unreadable(run.row, reason, nowMs);
  }

  #apply(run: WatchedRun, event: RunEvent): void {
    run.attendance.note(event);
    run.row = applyToRow(run.row, event);
    if (run.isUpToDate) this.#tools.onRow(run.row, Date.parse(event.at));
  }
}

function attended({ row, attendance }: WatchedRun, nowMs: number): WatchRow {
  const { now } = attendance;
  return now === "gone" ? withoutFolder(row, nowMs) : withAttended(row, now);
}
