import type { RunEvent } from "../../events/event.ts";
import { describeWork } from "../../events/wording.ts";
import { deadlineAtMs } from "../../run/decide/ending.ts";
import type { RunRequest } from "../../run/request.ts";
import { openQuestionsOf } from "../../run/decide/state.ts";
import type { RunState } from "../../run/decide/state.ts";
import { unreachable } from "../../unreachable.ts";
import { spellTime } from "../../text/time-span.ts";

/** What the live line tells of. */
export interface WaitFacts {
  readonly request: Pick<RunRequest, "agent" | "limits">;
  readonly state: RunState;
  /** What the agent said last. */
  readonly work: (RunEvent & { type: "agent_working" }) | null;
  readonly nowMs: number;
  /** When this process leaves, whatever becomes of the run; null when it stays. */
  readonly leavesAtMs: number | null;
}

/** The words of the live line, the most important first so that narrow terminals lose little. */
export function describeWait(facts: WaitFacts): string {
  const { request, state, nowMs } = facts;
  const until = endAtMs(facts);
  const left = until === null ? "" : `, ${spellTime(until - nowMs)} left`;
  const words = wordsOf(facts);
  const said = words === "" ? "" : `: ${words}`;
  const elapsed = spellTime(nowMs - state.createdAtMs);
  return `${request.agent}: ${phaseOf(facts)}${attemptOf(facts)} ${elapsed}${left}${said}`;
}

function phaseOf({ state }: WaitFacts): string {
  switch (state.phase) {
    case "created":
    case "sending":
      return "sending";
    case "waiting":
      if (openQuestionsOf(state).length > 0) return "asking";
      return state.signAtMs > state.admittedAtMs ? "working" : "waiting";
    case "resting":
      return "trying again";
    case "asking":
      return "asking";
    case "ended":
      return `${state.end.failure?.code ?? state.end.status}, waiting for a late handoff`;
    default:
      return unreachable(state);
  }
}

function attemptOf({ request, state }: WaitFacts): string {
  if (state.phase === "created" || state.phase === "ended") return "";
  const inAll = Math.max(request.limits.attempts + state.blockedAttempts.length, state.attempt);
  return inAll === 1 ? "" : ` ${state.attempt}/${inAll}`;
}

/** When the waiting ends at the latest, or null. */
function endAtMs({ request: { limits }, state, leavesAtMs }: WaitFacts): number | null {
  const instants = [
    leavesAtMs,
    deadlineAtMs(state, limits),
    state.phase === "waiting" ? state.admittedAtMs + limits.timeoutMs : null,
  ].filter((instant) => instant !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** When and why it is tried again; what the agent asks; or what it said in this attempt. */
function wordsOf({ state, work, nowMs }: WaitFacts): string {
  if (state.phase === "resting") {
    const why = state.lastFailure === null ? "" : `: ${state.lastFailure.failure.message}`;
    return `in ${spellTime(state.dueAtMs - nowMs)}${why}`;
  }
  const [question] = openQuestionsOf(state);
  if (question !== undefined) return question.text;
  const isOfThisAttempt = state.phase === "waiting" && work?.attempt === state.attempt;
  return isOfThisAttempt ? describeWork(work) : "";
}
