import type { RunEvent } from "../events/event.ts";
import { describeWork } from "../events/wording.ts";
import type { Failure } from "../failure.ts";
import { failureKinds } from "../failure.ts";
import { unreachable } from "../unreachable.ts";
import type { Attended } from "./attendance.ts";

/** Where a run stands, for somebody who watches it. */
type WatchState =
  | { readonly kind: "sending" | "waiting" | "working" | "asking" }
  | { readonly kind: "resting"; readonly dueAtMs: number }
  | { readonly kind: "ended"; readonly end: WatchedEnd };

/** More of a text than this no terminal's line shows. */
const MOST_WORDS = 500;

/** How a watched run ended. */
interface WatchedEnd {
  readonly atMs: number;
  /** The outcome's status, or the exact code of its failure. */
  readonly label: string;
  readonly exitCode: number;
}

/** One run as `delegate watch` shows it. */
export interface WatchRow {
  readonly runId: string;
  readonly agent: string;
  readonly state: WatchState;
  /** The attempt in hand; 0 before the first. */
  readonly attempt: number;
  readonly attemptsInAll: number;
  readonly createdAtMs: number;
  /** The last that the agent said, or what went wrong last. */
  readonly words: string;
  /** Whether a process follows the run, which otherwise goes on unseen. */
  readonly attended: Exclude<Attended, "gone">;
  readonly lastSeq: number;
}

/** A run of which only the request is known. */
export function newWatchRow(runId: string, agent: string, createdAtMs: number): WatchRow {
  return {
    runId,
    agent,
    state: { kind: "sending" },
    attempt: 0,
    attemptsInAll: 1,
    createdAtMs,
    words: "",
    attended: "driven",
    lastSeq: 0,
  };
}

/** The row after one more event; one that was seen already changes nothing. */
export function applyToRow(before: WatchRow, event: RunEvent): WatchRow {
  if (event.seq <= before.lastSeq) return before;
  const row = { ...before, lastSeq: event.seq };
  switch (event.type) {
    case "run_created":
      return {
        ...row,
        agent: event.agent,
        attemptsInAll: event.attemptsInAll,
        createdAtMs: Date.parse(event.at),
      };
    case "attempt_started":
      return {
        ...row,
        state: { kind: "sending" },
        attempt: event.attempt,
        attemptsInAll: Math.max(row.attemptsInAll, event.attempt),
        words: "",
      };
    case "attempt_sending":
      return { ...row, state: { kind: "sending" }, attempt: event.attempt };
    case "attempt_admitted":
      return { ...row, state: { kind: "waiting" }, attempt: event.attempt };
    case "agent_working":
      return { ...atWork(row), words: brief(describeWork(event)) || row.words };
    case "agent_active":
      return atWork(row);
    case "connection_lost":
    case "agent_ended":
    case "question_proposed":
    case "question_referred":
    case "question_escalated":
    case "question_answered":
    case "question_skipped":
      return row;
    case "handoff_accepted":
      return event.status === "blocked" ? { ...row, state: { kind: "asking" } } : row;
    case "question_opened":
      return { ...row, words: brief(event.text) };
    case "attempt_failed":
      return { ...row, words: brief(event.failure.message) };
    case "retry_scheduled":
      return {
        ...row,
        state: { kind: "resting", dueAtMs: Date.parse(event.dueAt) },
        attempt: event.attempt,
      };
    case "run_ended":
      return { ...row, ...endOf(row, event) };
    case "driver_left":
      return { ...row, attended: "undriven" };
    case "driver_took_over":
      return { ...row, attended: "driven" };
    default:
      return unreachable(event);
  }
}

/** The row of a run that somebody drives, or nobody; the same row when that is no news. */
export function withAttended(row: WatchRow, attended: WatchRow["attended"]): WatchRow {
  return row.attended === attended ? row : { ...row, attended };
}

/** The row of a run whose folder was deleted: nothing more will be heard of it. */
export function withoutFolder(row: WatchRow, atMs: number): WatchRow {
  const end = { atMs, label: "gone", exitCode: failureKinds.storage_failed.exit };
  return { ...row, state: { kind: "ended", end }, words: "its folder was deleted" };
}

/** The row of a run of which no more can be read; watching it would show nothing for ever. */
export function unreadable(row: WatchRow, { code, message }: Failure, atMs: number): WatchRow {
  const end = { atMs, label: code, exitCode: failureKinds[code].exit };
  return { ...row, state: { kind: "ended", end }, words: brief(message) };
}

/** The exit code with which a run ended: the one that `delegate wait` would have. */
export function exitCodeOfEnd(event: RunEvent & { type: "run_ended" }): number {
  if (event.code === null) return 0;
  // A newer version may know more ways to fail than this one.
  return Object.hasOwn(failureKinds, event.code) ? failureKinds[event.code].exit : 1;
}

/** The exit code of the run that failed first, or 0. */
export function firstFailure(rows: Iterable<WatchRow>): number {
  const ends = [...rows].flatMap(({ state }) => (state.kind === "ended" ? [state.end] : []));
  const failed = ends.filter(({ exitCode }) => exitCode !== 0);
  return failed.sort((a, b) => a.atMs - b.atMs)[0]?.exitCode ?? 0;
}

function atWork(row: WatchRow): WatchRow {
  return row.state.kind === "ended" ? row : { ...row, state: { kind: "working" } };
}

function endOf(
  row: WatchRow,
  event: RunEvent & { type: "run_ended" },
): Pick<WatchRow, "state" | "words" | "attempt"> {
  const label = event.code ?? event.status;
  return {
    state: {
      kind: "ended",
      end: { atMs: Date.parse(event.at), label, exitCode: exitCodeOfEnd(event) },
    },
    words: event.failure === null ? row.words : brief(event.failure.message),
    attempt: event.attempts,
  };
}

function brief(text: string): string {
  return text.slice(0, MOST_WORDS);
}
