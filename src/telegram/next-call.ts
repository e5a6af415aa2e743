import type { Ending, StatusView } from "./status-view.ts";

/** How often Telegram is called, in milliseconds. */
export interface Pace {
  /** The least time between two changes of the status message. */
  readonly editMs: number;
  /** How old the time in the status message may get. */
  readonly refreshMs: number;
  /** The first wait after Telegram could not be reached; each further one is twice as long. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

/** The pace that people and Telegram's limits are fine with. */
export const usualPace: Pace = {
  editMs: 1_000,
  refreshMs: 15_000,
  firstBackoffMs: 1_000,
  longestBackoffMs: 30_000,
};

/** Everything on which the next call depends for what is told of in one message. */
export interface Desk {
  /** Null while there is nothing to show, as for a crash outside of a run. */
  readonly status: StatusView | null;
  /** Whether the status message can still be sent or edited. */
  readonly hasStatusMessage: "not_yet" | "yes" | "lost";
  /** What the status message says, and since when; null when it is not known. */
  readonly shown: { readonly text: string; readonly atMs: number } | null;
  /** When the status message was last sent or edited. */
  readonly touchedAtMs: number;
  /** Messages that wait to be sent besides. */
  readonly postsWaiting: number;
  /** The number of the ending that has been told; 0 when none has. */
  readonly toldSeq: number;
  /** No call before that. */
  readonly blockedUntilMs: number;
}

/** The desk before anything has happened. */
export const newDesk: Desk = {
  status: null,
  hasStatusMessage: "not_yet",
  shown: null,
  touchedAtMs: 0,
  postsWaiting: 0,
  toldSeq: 0,
  blockedUntilMs: 0,
};

/** What to do next. */
export type NextCall =
  | { readonly kind: "send_status"; readonly text: string }
  | { readonly kind: "edit_status"; readonly text: string }
  | { readonly kind: "post" }
  | { readonly kind: "tell_outcome"; readonly ending: Ending }
  /** There is something to do, but not before that. */
  | { readonly kind: "pause"; readonly untilMs: number }
  /** All is told; the time in the message gets old then, if ever. */
  | { readonly kind: "rest"; readonly untilMs: number | null };

/** The next call: first the status message, then what else waits, then the status's changes, and at the end the outcome. */
export function nextCall(desk: Desk, pace: Pace, nowMs: number): NextCall {
  const call = freeCall(desk, pace, nowMs);
  return call.kind !== "rest" && nowMs < desk.blockedUntilMs
    ? { kind: "pause", untilMs: desk.blockedUntilMs }
    : call;
}

/** How long to wait after so many calls in a row that did not get through. */
export function backoffMs(failures: number, pace: Pace): number {
  return Math.min(pace.longestBackoffMs, pace.firstBackoffMs * 2 ** Math.max(0, failures - 1));
}

function freeCall(desk: Desk, pace: Pace, nowMs: number): NextCall {
  const { status } = desk;
  if (status !== null && desk.hasStatusMessage === "not_yet")
    return { kind: "send_status", text: status.textAt(nowMs) };
  if (desk.postsWaiting > 0) return { kind: "post" };
  if (status === null) return { kind: "rest", untilMs: null };
  if (desk.hasStatusMessage === "yes" && needsEdit(desk, status, pace, nowMs)) {
    const dueAtMs = desk.touchedAtMs + pace.editMs;
    return nowMs < dueAtMs
      ? { kind: "pause", untilMs: dueAtMs }
      : { kind: "edit_status", text: status.textAt(nowMs) };
  }
  if (status.ending !== null && status.ending.seq > desk.toldSeq)
    return { kind: "tell_outcome", ending: status.ending };
  return { kind: "rest", untilMs: refreshAtMs(desk, status, pace) };
}

/** What is shown is compared as of the instant when it was shown: that time went by is no change until it is old. */
function needsEdit(desk: Desk, status: StatusView, pace: Pace, nowMs: number): boolean {
  const { shown } = desk;
  if (shown === null || status.textAt(shown.atMs) !== shown.text) return true;
  const refreshAt = refreshAtMs(desk, status, pace);
  return refreshAt !== null && nowMs >= refreshAt && status.textAt(nowMs) !== shown.text;
}

function refreshAtMs(
  { shown, hasStatusMessage }: Desk,
  status: StatusView,
  pace: Pace,
): number | null {
  if (shown === null || hasStatusMessage !== "yes" || !status.isTicking) return null;
  return shown.atMs + pace.refreshMs;
}
