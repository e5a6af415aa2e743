import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { toIso } from "../clock.ts";
import type { LeaveReason, RunEvent, RunHappening, Sink } from "../events/event.ts";
import type { Handoff } from "../handoff/document.ts";
import type { RunPaths } from "../handoff/paths.ts";
import { HANDOFF_FILE_NAME, RECORD_FILE_NAME } from "../handoff/paths.ts";
import { replaceFile } from "../system/replace-file.ts";
import { readEvents, replay } from "./history.ts";
import { forgetDriversBefore } from "./ownership.ts";
import { projectRecord } from "./record.ts";
import type { RunRequest } from "./request.ts";
import { storageFailure } from "./run-folder.ts";
import { applyHappening } from "./decide/apply-happening.ts";
import type { RunState } from "./decide/state.ts";

/** A run's memory on disk: its events, from which its state and its record follow. Only the run's driver writes it. */
export class Journal {
  readonly request: RunRequest;
  readonly paths: RunPaths;
  readonly #clock: Clock;
  readonly #sinks: readonly Sink[];
  readonly #warn: (message: string) => void;
  readonly #generation: number;
  #handoff: Handoff | null = null;
  #trouble: unknown = null;
  #state: RunState;
  #seq: number;
  #fd: number | null;
  #hasTornEnd: boolean;
  #changedAtMs = 0;
  #recordDue: NodeJS.Immediate | null = null;

  constructor(tools: JournalTools) {
    const { events, isTorn } = readEvents(tools.paths.events);
    this.request = tools.request;
    this.paths = tools.paths;
    this.#clock = tools.clock;
    this.#sinks = tools.sinks;
    this.#warn = tools.warn;
    this.#generation = tools.generation;
    this.#state = replay(tools.request, events, tools.clock.nowMs());
    this.#seq = events.at(-1)?.seq ?? 0;
    this.#hasTornEnd = isTorn;
    this.#fd = openSync(tools.paths.events, "a", 0o600);
  }

  get state(): RunState {
    return this.#state;
  }

  /**
   * Keeps one more thing that happened, and tells the sinks. A disk that fails now does not end the run: what the
   * agent hands over is still answered.
   */
  record(happening: RunHappening): void {
    const nowMs = this.#clock.nowMs();
    this.#seq += 1;
    const event: RunEvent = {
      seq: this.#seq,
      at: toIso(nowMs),
      runId: this.request.runId,
      ...happening,
    };
    this.#state = applyHappening(this.#state, happening, nowMs);
    this.#attempt(() => this.#append(event));
    if (changesRecord(happening)) {
      this.#changedAtMs = nowMs;
      this.#recordDue ??= setImmediate(() => this.#writeRecord());
    }
    for (const sink of this.#sinks) sink.record(event);
  }

  /** The first error that kept something from being written, or null. */
  get trouble(): unknown {
    return this.#trouble;
  }

  /** Whether nothing has been recorded yet. */
  get isEmpty(): boolean {
    return this.#seq === 0;
  }

  /** Notes that this driver goes on with a run; those before it are only kept in the events then. */
  recordTakingOver(): void {
    this.record({ type: "driver_took_over", generation: this.#generation });
    if (this.#trouble === null)
      this.#attempt(() => forgetDriversBefore(this.paths, this.#generation));
  }

  /** Notes that the driver leaves a run that goes on. */
  recordLeaving(reason: LeaveReason): void {
    this.record({ type: "driver_left", generation: this.#generation, reason });
  }

  /** The handoff that was accepted while this journal was open; a full disk can't take it away. */
  get handoff(): Handoff | null {
    return this.#handoff;
  }

  /** Keeps the accepted handoff. */
  storeHandoff(handoff: Handoff): void {
    this.#handoff = handoff;
    const text = `${JSON.stringify(handoff, null, 2)}\n`;
    this.#attempt(() => replaceFile(this.paths.folder, HANDOFF_FILE_NAME, text, true));
  }

  /** Keeps the exact message of an attempt; it is read again only once its sending has been announced. */
  storeMessage(fileName: string, message: string): void {
    this.#attempt(() =>
      writeFileSync(`${this.paths.folder}/${fileName}`, message, { mode: 0o600 }),
    );
  }

  close(): void {
    if (this.#recordDue !== null) this.#writeRecord();
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    for (const sink of this.#sinks) sink.flush?.();
  }

  #append(event: RunEvent): void {
    if (this.#fd === null) return;
    writeSync(this.#fd, `${this.#hasTornEnd ? "\n" : ""}${JSON.stringify(event)}\n`);
    this.#hasTornEnd = false;
  }

  /** Put off until there is time: what happens at once is one turn of the run. */
  #writeRecord(): void {
    if (this.#recordDue !== null) clearImmediate(this.#recordDue);
    this.#recordDue = null;
    const record = projectRecord(this.request, this.#state, this.#changedAtMs);
    const text = `${JSON.stringify(record)}\n`;
    this.#attempt(() => replaceFile(this.paths.folder, RECORD_FILE_NAME, text, false));
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (this.#trouble === null) this.#warn(storageFailure(this.paths.folder, error).message);
      this.#trouble ??= error;
    }
  }
}

/** What a journal needs. */
export interface JournalTools {
  readonly request: RunRequest;
  readonly paths: RunPaths;
  /** Which driver of the run writes: 1 is its creator. */
  readonly generation: number;
  readonly clock: Clock;
  readonly sinks: readonly Sink[];
  /** Hears of the first write that failed. */
  readonly warn: (message: string) => void;
}

/** Rewriting the record at every event would cost more than it is worth; these are the ones that people look for. */
function changesRecord({ type }: RunHappening): boolean {
  return (
    type === "attempt_admitted" ||
    type === "retry_scheduled" ||
    type === "question_opened" ||
    type === "question_answered" ||
    type === "question_skipped" ||
    type === "run_ended"
  );
}
