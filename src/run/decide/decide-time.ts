import type { RunHappening } from "../../events/event.ts";
import type { Failure } from "../../failure.ts";
import type { AgentEnd } from "../../gateway/hook.ts";
import { unreachable } from "../../unreachable.ts";
import * as words from "../failures/attempt-failures.ts";
import { decideAsking } from "./decide-question.ts";
import type { Surroundings } from "./ending.ts";
import { deadlineAtMs, endRun, failAttempt } from "./ending.ts";
import type { RunLimits } from "../request.ts";
import type { RunState } from "./state.ts";

/** Milliseconds between the end of the agent's own run and the verdict that there is no handoff. */
const COMPLETION_GRACE_MS = 1_000;

/** The instant at which the clock alone changes something, or null. */
export function wakeAtMs(state: RunState, limits: RunLimits): number | null {
  const instants = [deadlineAtMs(state, limits), ...phaseInstants(state, limits)];
  const set = instants.filter((instant) => instant !== null);
  return set.length === 0 ? null : Math.min(...set);
}

function phaseInstants(state: RunState, limits: RunLimits): readonly (number | null)[] {
  switch (state.phase) {
    case "waiting":
      return [
        state.admittedAtMs + limits.timeoutMs,
        limits.idleTimeoutMs === null ? null : state.signAtMs + limits.idleTimeoutMs,
        state.agentEnd === null ? null : state.agentEnd.atMs + COMPLETION_GRACE_MS,
      ];
    case "resting":
      return [state.dueAtMs];
    case "created":
    case "sending":
    case "asking":
    case "ended":
      return [];
    default:
      return unreachable(state);
  }
}

/** What the clock has come to. */
export function decideTime(state: RunState, around: Surroundings): readonly RunHappening[] {
  const { limits, nowMs } = around;
  const deadline = deadlineAtMs(state, limits);
  if (deadline !== null && nowMs >= deadline)
    return endRun(state, words.deadlinePassed(around, isAtWork(state)), around);
  if (state.phase === "resting" && nowMs >= state.dueAtMs)
    return [{ type: "attempt_started", attempt: state.attempt }];
  if (state.phase === "asking") return decideAsking(state, around);
  if (state.phase !== "waiting") return [];
  const reason = whyWaitingIsOver(state, around);
  return reason === null ? [] : failAttempt(state, state.attempt, reason, around);
}

function whyWaitingIsOver(
  state: RunState & { phase: "waiting" },
  around: Surroundings,
): Failure | null {
  const { limits, nowMs } = around;
  const { agentEnd } = state;
  if (nowMs >= state.admittedAtMs + limits.timeoutMs) return words.timedOut(around);
  if (agentEnd !== null && nowMs >= agentEnd.atMs + COMPLETION_GRACE_MS) {
    return words.noHandoff(around, agentEnd);
  }
  if (limits.idleTimeoutMs !== null && nowMs >= state.signAtMs + limits.idleTimeoutMs)
    return words.idle(around);
  return null;
}

/** Whether the agent may have the task in hand. */
function isAtWork(state: RunState): boolean {
  return state.phase === "waiting" || (state.phase === "sending" && state.isSending);
}

/**
 * What follows from the end of the agent's own run. Gateways stop the agent after the same time as we do, so an error at
 * that moment is the timeout, seen from the other side.
 */
export function decideCompleted(
  state: RunState & { phase: "waiting" },
  { kind: _kind, ...end }: { readonly kind: "completed"; readonly attempt: number } & AgentEnd,
  around: Surroundings,
): readonly RunHappening[] {
  const isTimeout =
    end.completion === "error" &&
    around.nowMs >= state.admittedAtMs + around.limits.timeoutMs - COMPLETION_GRACE_MS / 2;
  const agentEnded = { type: "agent_ended", ...end } as const;
  return isTimeout
    ? [agentEnded, ...failAttempt(state, end.attempt, words.timedOut(around), around)]
    : [agentEnded];
}
