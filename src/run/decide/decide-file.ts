import { cutText } from "../../text/cut-text.ts";
import type { RunHappening } from "../../events/event.ts";
import type { Problem } from "../../failure.ts";
import { failureKinds } from "../../failure.ts";
import type { Handoff, WorkingHandoff } from "../../handoff/document.ts";
import type { Question } from "../../questions/question.ts";
import { unreachable } from "../../unreachable.ts";
import { decideBlocked } from "./decide-question.ts";
import type { Surroundings } from "./ending.ts";
import { ended, endRun, failAttempt } from "./ending.ts";
import * as words from "../failures/attempt-failures.ts";
import type { RunState } from "./state.ts";

/** What the file of an attempt says. */
export type FileReading =
  | { readonly kind: "touched" }
  | { readonly kind: "working"; readonly working: WorkingHandoff }
  | { readonly kind: "handoff"; readonly handoff: Handoff }
  /** A blocked handoff, with the questions that were opened for it. */
  | {
      readonly kind: "asks";
      readonly handoff: Handoff;
      readonly questions: readonly Question[];
    }
  | {
      readonly kind: "rejected";
      readonly code: "malformed" | "invalid";
      readonly problems: readonly Problem[];
    };

const MAX_SIGN_INTERVAL_MS = 1_000;

/** What follows from the file of an attempt, whichever attempt the run has come to. */
export function decideFile(
  state: RunState,
  attempt: number,
  reading: FileReading,
  around: Surroundings,
): readonly RunHappening[] {
  switch (reading.kind) {
    case "touched":
      return isNewSign(state, around) ? [{ type: "agent_active", attempt }] : [];
    case "working":
      return decideWorking(state, attempt, reading.working, around);
    case "rejected":
      return isCurrent(state, attempt)
        ? failAttempt(
            state,
            attempt,
            words.rejected(around, reading.code, reading.problems),
            around,
          )
        : [];
    case "handoff":
      return decideHandoff(state, attempt, { ...reading, questions: [] }, around);
    case "asks":
      return decideHandoff(state, attempt, reading, around);
    default:
      return unreachable(reading);
  }
}

function decideWorking(
  state: RunState,
  attempt: number,
  working: WorkingHandoff,
  around: Surroundings,
): readonly RunHappening[] {
  if (state.phase === "ended") return [];
  const text = wordsOf(working);
  const percent = working.percent ?? null;
  const isNew =
    text !== state.lastWords || percent !== state.lastPercent || isNewSign(state, around);
  return isNew ? [{ type: "agent_working", attempt, text, percent }] : [];
}

/** Signs of life come by the thousand; one a second is enough, or more when the idle clock runs fast. */
function isNewSign(state: RunState, { nowMs, limits }: Surroundings): boolean {
  const { idleTimeoutMs } = limits;
  const intervalMs = Math.min(MAX_SIGN_INTERVAL_MS, (idleTimeoutMs ?? Infinity) / 10);
  return state.phase === "waiting" && nowMs - state.signAtMs >= intervalMs;
}

/**
 * A finished handoff ends the run whichever attempt it belongs to, and also one that has ended without an answer; a
 * failed one only if nothing better can come.
 */
function decideHandoff(
  state: RunState,
  attempt: number,
  given: { readonly handoff: Handoff; readonly questions: readonly Question[] },
  around: Surroundings,
): readonly RunHappening[] {
  if (isAnswered(state)) return [];
  const { handoff } = given;
  const isLate = !isCurrent(state, attempt);
  const accepted = { type: "handoff_accepted", attempt, status: handoff.status, isLate } as const;
  switch (handoff.status) {
    case "complete":
    case "partial":
      return [accepted, ended(state, handoff.status, null, around)];
    case "blocked":
      return decideBlocked(state, attempt, given, isLate, around);
    case "failed": {
      const failure = words.agentFailed(around, handoff);
      if (isLate)
        return isLastWord(state, attempt) ? [accepted, ...endRun(state, failure, around)] : [];
      const happenings = failAttempt(state, attempt, failure, around);
      return happenings.some(({ type }) => type === "run_ended")
        ? [accepted, ...happenings]
        : happenings;
    }
    default:
      return unreachable(handoff.status);
  }
}

/** Whether the run has ended with something that a late file can't change. */
function isAnswered(state: RunState): boolean {
  if (state.phase !== "ended") return false;
  const { failure } = state.end;
  return failure === null || !failureKinds[failure.code].mayStillCome;
}

/** Whether this is the last attempt of a run that has ended. */
function isLastWord(state: RunState, attempt: number): boolean {
  return state.phase === "ended" && attempt === state.end.attempts;
}

function isCurrent(state: RunState, attempt: number): boolean {
  return (state.phase === "sending" || state.phase === "waiting") && state.attempt === attempt;
}

function wordsOf(working: WorkingHandoff): string {
  return cutText(working.notes ?? working.result ?? "", 2_000);
}
