import { existsSync } from "node:fs";
import type { RunEvent } from "../events/event.ts";
import type { Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { carryOn } from "./carry-on.ts";
import { isUnanswered } from "./decide/decide-question.ts";
import { followRun } from "./follow.ts";
import { readEvents, replay } from "./stored/history.ts";
import { leaveReasonOf } from "./leave.ts";
import { Onlooker } from "./onlooker.ts";
import type { OpenRun, Stay } from "./open-run.ts";
import type { Outcome } from "./outcome.ts";
import { failureOutcome, sentOutcome } from "./outcome.ts";
import { takeOver } from "./stored/ownership.ts";
import { readAnswer } from "./questions/question-files.ts";
import { folderGone, left } from "./failures/run-failures.ts";
import { storageFailure } from "./stored/run-folder.ts";
import type { RunState } from "./decide/state.ts";
import { openQuestionsOf } from "./decide/state.ts";
import { askedOutcome, endedOutcome, mayStillCome } from "./stored/stored-outcome.ts";

/** How long another process gets to find the late answer of a run that has ended. */
const LATE_LOOK_MS = 1_000;

/** Follows the run's driver while there is one, and becomes the driver when there is none. */
export async function joinRun(run: OpenRun, stay: Stay): Promise<Outcome> {
  const { paths, request, tools } = run;
  const { goal, staysForLate } = stay;
  const signal = stay.signal ?? new AbortController().signal;
  const isEnough = (state: RunState): boolean =>
    state.phase === "ended"
      ? !mayStillCome(state.end)
      : goal === "sent" && state.phase === "waiting";
  const onlooker = new Onlooker(paths, tools.sinks);
  let hasAskedLatecomers = false;
  for (;;) {
    if (signal.aborted)
      return failureOutcome(left(request, leaveReasonOf(signal), "followed"), request);
    if (!existsSync(paths.request)) return failureOutcome(folderGone(request), request);
    const { events } = readEvents(paths.events);
    const state = replay(request, events);
    if (isEnough(state))
      return state.phase === "ended" ? endedOutcome(run, state.end) : sentOutcome(request);
    onlooker.see(events, state);
    const taken = tryToTakeOver(run, events);
    if (taken.ok && taken.value !== null) return carryOn(run, taken.value, stay);
    if (state.phase === "ended" && (!taken.ok || hasAskedLatecomers))
      return endedOutcome(run, state.end);
    if (!taken.ok) return failureOutcome(taken.failure, request);
    if (asksInVain(run, state)) return askedOutcome(run, state, tools.clock.nowMs(), null);
    hasAskedLatecomers = state.phase === "ended" && !staysForLate;
    const patience = hasAskedLatecomers
      ? AbortSignal.any([signal, AbortSignal.timeout(LATE_LOOK_MS)])
      : signal;
    const isNews = (now: RunState, soFar: readonly RunEvent[]): boolean => {
      onlooker.see(soFar, now);
      return isEnough(now) || asksInVain(run, now);
    };
    await followRun(paths, request, isNews, tools.clock, patience);
  }
}

/** Whether somebody else's run waits for people, for whom this process does not wait. */
function asksInVain({ paths, tools }: OpenRun, state: RunState): boolean {
  if (tools.onQuestion === "wait" || !isUnanswered(state)) return false;
  return openQuestionsOf(state).some(({ id }) => readAnswer(paths, id) === null);
}

function tryToTakeOver(
  { paths, request, tools }: OpenRun,
  events: readonly RunEvent[],
): Result<number | null> {
  try {
    return success(takeOver(paths, request, events, tools.clock.nowMs()));
  } catch (error) {
    return failure(storageFailure(paths.folder, error));
  }
}
