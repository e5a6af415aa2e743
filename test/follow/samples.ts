import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import type { WatchRow } from "../../src/follow/watch-row.ts";
import { applyToRow, newWatchRow } from "../../src/follow/watch-row.ts";

/** 2026-11-21T12:00:00Z. */
export const noonMs = Date.parse("2026-11-21T12:00:00.000Z");

export const created = {
  type: "run_created",
  agent: "coder",
  caller: null,
  parentRunId: null,
  workflowRunId: null,
  stepId: null,
  attemptsInAll: 2,
  task: "Write it.",
} as const;

export const late = { code: "timeout", message: "no handoff in 5 s", hint: "wait" } as const;

export const complete = {
  type: "run_ended",
  status: "complete",
  code: null,
  attempts: 1,
  latencyMs: 9_000,
  failure: null,
} as const;

export const timedOut = {
  type: "run_ended",
  status: "timeout",
  code: "timeout",
  attempts: 2,
  latencyMs: 9_000,
  failure: late,
} as const;

/** An event of a run, so many seconds after noon. */
export function eventAt(
  seq: number,
  happening: RunHappening,
  runId = "r1",
  seconds = seq,
): RunEvent {
  const at = new Date(noonMs + seconds * 1_000).toISOString();
  return { seq, at, runId, ...happening };
}

/** One line of an events file. */
export function lineOf(seq: number, happening: RunHappening, runId = "r1", seconds = seq): string {
  return `${JSON.stringify(eventAt(seq, happening, runId, seconds))}\n`;
}

/** A run's row after all of this, one thing a second. */
export function rowAfter(happenings: readonly RunHappening[], runId = "r1"): WatchRow {
  return happenings.reduce(
    (row, happening, index) => applyToRow(row, eventAt(index + 1, happening, runId)),
    newWatchRow(runId, "coder", noonMs),
  );
}
