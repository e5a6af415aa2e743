import type { FinalReading, Reading } from "./check.ts";
import { finalReadingOf, readHandoff } from "./check.ts";
import type { Pace } from "./pace.ts";
import { pauseMs, tellAt } from "./pace.ts";
import type { FileReading } from "./read.ts";
import type { Expectation } from "./rules.ts";

/** What an inbox tells of a file; `touched` is a changed file that says nothing yet: a sign of life. */
export type InboxReading = FinalReading | { readonly kind: "touched" };

/** How long an unfinished file must be left alone until it is called malformed. */
export const QUIET_MS = 1_500;

const FIRST_LOOK_AGAIN_MS = 5;
const SLOWEST_LOOK_AGAIN_MS = 160;

/** What is known of the file of one attempt from looking at it; null when nothing is. */
export interface FileState {
  readonly content: Content;
  readonly stamp: string;
  /** Whether this content was told already. */
  readonly isTold: boolean;
  /** Whether it is a sign of life that has to wait, since so many were told just now. */
  readonly isHeldBack: boolean;
  readonly pace: Pace;
  readonly changedAtMs: number;
  readonly lookAgainMs: number;
}

/** The bytes of a file, or the sentence that says why they can't be had. */
type Content = Uint8Array | string;

/** What follows from one look. */
export interface Settlement {
  readonly state: FileState | null;
  readonly report: InboxReading | null;
  /** When to look again even if nothing happens; null when there is no need. */
  readonly lookAgainInMs: number | null;
}

/** What to tell after a look at a file that agents write bit by bit; `nowMs` must never go back. */
export function settle(
  before: FileState | null,
  file: FileReading,
  expectation: Expectation,
  nowMs: number,
): Settlement {
  if (file.kind === "absent") {
    const isKnown = before !== null && (before.isTold || before.isHeldBack);
    return { state: isKnown ? { ...before, stamp: "" } : null, report: null, lookAgainInMs: null };
  }
  if (before === null || !isSame(before.content, contentOf(file)))
    return settleNew(before, file, expectation, nowMs);
  const hasChanged = file.stamp !== before.stamp;
  const state = {
    ...before,
    stamp: file.stamp,
    changedAtMs: hasChanged ? nowMs : before.changedAtMs,
  };
  if (state.isTold) {
    return { state, report: hasChanged ? { kind: "touched" } : null, lookAgainInMs: null };
  }
  if (state.isHeldBack) {
    return pauseMs(state.pace, nowMs) > 0
      ? holdBack(state, hasChanged, nowMs)
      : tell(state, finalReadingOf(judge(file, expectation)), nowMs);
  }
  return nowMs - state.changedAtMs >= QUIET_MS
    ? settleQuiet(state, file, expectation, nowMs)
    : lookAgain(state, hasChanged, nowMs);
}

/** What a file says when it is not going to change any more; null when there is none. */
export function conclude(file: FileReading, expectation: Expectation): FinalReading | null {
  return file.kind === "absent" ? null : finalReadingOf(judge(file, expectation));
}

/** The state after a verdict was asked for and told. */
export function toldState(
  before: FileState | null,
  file: FileReading,
  nowMs: number,
): FileState | null {
  if (file.kind === "absent") return null;
  return { ...unseen(before, file, nowMs), isTold: true };
}

type PresentFile = Exclude<FileReading, { readonly kind: "absent" }>;

function settleNew(
  before: FileState | null,
  file: PresentFile,
  expectation: Expectation,
  nowMs: number,
): Settlement {
  const state = unseen(before, file, nowMs);
  const reading = isWorthParsing(file) ? judge(file, expectation) : null;
  if (reading === null || reading.kind === "unfinished") return lookAgain(state, true, nowMs);
  return reading.kind === "working" && pauseMs(state.pace, nowMs) > 0
    ? holdBack(state, true, nowMs)
    : tell(state, reading, nowMs);
}

/** Signs of life may come by the thousand: most of them only show that the file was touched, and the newest is told in its time. */
function holdBack(state: FileState, hasChanged: boolean, nowMs: number): Settlement {
  return {
    state: { ...state, isHeldBack: true },
    report: hasChanged ? { kind: "touched" } : null,
    lookAgainInMs: pauseMs(state.pace, nowMs),
  };
}

function tell(state: FileState, report: FinalReading, nowMs: number): Settlement {
  const pace = report.kind === "working" ? tellAt(state.pace, nowMs) : state.pace;
  return {
    state: { ...state, isTold: true, isHeldBack: false, pace },
    report,
    lookAgainInMs: null,
  };
}

/** An empty file was made to be filled later, perhaps by a shell that redirects into it: only the end of the attempt ends that. */
function settleQuiet(
  state: FileState,
  file: PresentFile,
  expectation: Expectation,
  nowMs: number,
): Settlement {
  if (state.content.length === 0) return { state, report: null, lookAgainInMs: null };
  return tell(state, finalReadingOf(judge(file, expectation)), nowMs);
}

function lookAgain(state: FileState, hasChanged: boolean, nowMs: number): Settlement {
  const lookAgainMs = hasChanged
    ? FIRST_LOOK_AGAIN_MS
    : Math.min(2 * state.lookAgainMs, SLOWEST_LOOK_AGAIN_MS);
  const untilQuietMs = state.changedAtMs + QUIET_MS - nowMs;
  return {
    state: { ...state, lookAgainMs },
    report: hasChanged ? { kind: "touched" } : null,
    lookAgainInMs: Math.min(lookAgainMs, untilQuietMs),
  };
}

function unseen(before: FileState | null, file: PresentFile, nowMs: number): FileState {
  return {
    content: contentOf(file),
    stamp: file.stamp,
    isTold: false,
    isHeldBack: false,
    pace: before?.pace ?? [],
    changedAtMs: nowMs,
    lookAgainMs: FIRST_LOOK_AGAIN_MS,
  };
}

function judge(file: PresentFile, expectation: Expectation): Reading {
  if (file.kind === "read") return readHandoff(file.bytes, expectation);
  const problems = [{ at: "", message: file.reason }];
  return file.mayPass
    ? { kind: "unfinished", problems }
    : { kind: "rejected", code: "malformed", problems };
}

/** A large file that is still growing would be parsed in vain again and again. */
function isWorthParsing(file: PresentFile): boolean {
  if (file.kind === "refused" || file.bytes.length < LARGE_BYTES) return true;
  const last = file.bytes.findLastIndex((byte) => byte > SPACE);
  return file.bytes[last] === CLOSE_BRACE;
}

const LARGE_BYTES = 65_536;
const SPACE = 0x20;
const CLOSE_BRACE = 0x7d;

function contentOf(file: PresentFile): Content {
  return file.kind === "read" ? file.bytes : file.reason;
}

function isSame(a: Content, b: Content): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
