import type { RunHappening } from "../../events/event.ts";
import type { AgentEnd } from "../../gateway/hook.ts";
import { unreachable } from "../../unreachable.ts";
import { applyToQuestions, beginAsking } from "./apply-to-questions.ts";
import type { RunState } from "./state.ts";
import { newRunState } from "./state.ts";

/** The state after one more thing has happened. */
export function applyHappening(state: RunState, happening: RunHappening, atMs: number): RunState {
  const { createdAtMs, lastFailure, lastWords, lastPercent, questions, blockedAttempts } = state;
  const kept = { createdAtMs, lastFailure, lastWords, lastPercent, questions, blockedAttempts };
  switch (happening.type) {
    case "run_created":
      return newRunState(atMs);
    case "attempt_started":
    case "attempt_sending": {
      const { type, attempt } = happening;
      const isSending = type === "attempt_sending";
      return { ...kept, phase: "sending", attempt, isSending, sinceMs: atMs };
    }
    case "attempt_admitted": {
      const { attempt } = happening;
      const admission = { admittedAtMs: atMs, signAtMs: atMs, agentEnd: null };
      return { ...kept, phase: "waiting", attempt, ...admission };
    }
    case "agent_working":
    case "agent_active":
    case "agent_ended":
      return applyToAgent(state, happening, atMs);
    case "attempt_failed":
      return { ...state, lastFailure: { attempt: happening.attempt, failure: happening.failure } };
    case "retry_scheduled": {
      const { attempt, dueAt } = happening;
      return { ...kept, phase: "resting", attempt, dueAtMs: Date.parse(dueAt) };
    }
    case "run_ended":
      return { ...kept, phase: "ended", end: happening };
    case "question_opened":
    case "question_proposed":
    case "question_referred":
    case "question_escalated":
    case "question_answered":
    case "question_skipped":
      return applyToQuestions(state, happening, atMs);
    case "handoff_accepted":
      return happening.status === "blocked" && state.phase !== "ended"
        ? beginAsking(state, happening.attempt)
        : state;
    case "connection_lost":
    case "driver_left":
    case "driver_took_over":
      return state;
    default:
      return unreachable(happening);
  }
}

function applyToAgent(
  state: RunState,
  happening: Extract<RunHappening, { type: "agent_working" | "agent_active" | "agent_ended" }>,
  atMs: number,
): RunState {
  switch (happening.type) {
    case "agent_working": {
      const { text, percent } = happening;
      const heard = { ...state, lastWords: text, lastPercent: percent };
      return heard.phase === "waiting" ? { ...heard, signAtMs: atMs } : heard;
    }
    case "agent_active":
      return state.phase === "waiting" ? { ...state, signAtMs: atMs } : state;
    case "agent_ended":
      return state.phase === "waiting"
        ? { ...state, agentEnd: { ...agentEndOf(happening), atMs } }
        : state;
    default:
      return unreachable(happening);
  }
}

function agentEndOf({
  completion,
  handoffError,
}: Extract<RunHappening, { type: "agent_ended" }>): AgentEnd {
  return handoffError === undefined ? { completion } : { completion, handoffError };
}
