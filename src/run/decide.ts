import type { RunHappening } from "../events/event.ts";
import type { Failure } from "../failure.ts";
import type { CompletionStatus, HookReply } from "../hook.ts";
import type { Answer, Question } from "../questions/question.ts";
import { unreachable } from "../unreachable.ts";
import type { FileReading } from "./decide-file.ts";
import { decideFile } from "./decide-file.ts";
import { decideAnswer, decideAsking, decideQuestion } from "./decide-question.ts";
import type { Surroundings } from "./ending.ts";
import { deadlineAtMs, endRun, failAttempt } from "./ending.ts";
import type { RunLimits } from "./request.ts";
import * as words from "./failures.ts";
import type { RunState } from "./state.ts";
import { openQuestionsOf } from "./state.ts";

/** What became of sending an attempt. */
export type SendResult =
  | { readonly kind: "reply"; readonly reply: HookReply }
  | { readonly kind: "unhealthy"; readonly reason: string }
  | { readonly kind: "not_reached"; readonly reason: string }
  /** The request left and no answer came, also not to the same request sent again. */
  | { readonly kind: "broken"; readonly reason: string }
  /** It could not be sent at all, for a reason of ours. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** Something that the run's surroundings report. */
export type Fact =
  | { readonly kind: "time" }
  | {
      readonly kind: "sending";
      readonly attempt: number;
      readonly idempotencyKey: string;
      readonly bodyBytes: number;
    }
  | { readonly kind: "sent"; readonly attempt: number; readonly result: SendResult }
  | { readonly kind: "completed"; readonly attempt: number; readonly completion: CompletionStatus }
  | { readonly kind: "connection_lost"; readonly attempt: number; readonly reason: string }
  | { readonly kind: "gateway_gone"; readonly attempt: number; readonly reason: string }
  | { readonly kind: "file"; readonly attempt: number; readonly reading: FileReading }
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "answer"; readonly answer: Answer }
  /** What was done about a question that is still open. */
  | {
      readonly kind: "routed";
      readonly happening: Extract<
        RunHappening,
        { readonly type: "question_proposed" | "question_referred" | "question_escalated" }
      >;
    }
  | { readonly kind: "cancel"; readonly by: string; readonly reason: string | null }
  | { readonly kind: "folder_gone" };

/** Milliseconds between the end of the agent's own run and the verdict that there is no handoff. */
const COMPLETION_GRACE_MS = 1_000;

/** What happens next, given where the run stands and what was reported. */
export function decide(state: RunState, fact: Fact, around: Surroundings): readonly RunHappening[] {
  switch (fact.kind) {
    case "time":
      return decideTime(state, around);
    case "sending":
      return isCurrentSending(state, fact.attempt) ? [announceSending(fact)] : [];
    case "sent":
      return isCurrentSending(state, fact.attempt)
        ? decideSent(state, fact.attempt, fact.result, around)
        : [];
    case "completed":
      return isWaitingFor(state, fact.attempt) ? decideCompleted(state, fact, around) : [];
    case "connection_lost":
      return isWaitingFor(state, fact.attempt)
        ? [{ type: "connection_lost", attempt: fact.attempt, reason: fact.reason }]
        : [];
    case "gateway_gone":
      return isWaitingFor(state, fact.attempt)
        ? failAttempt(state, fact.attempt, words.gatewayGone(around, fact.reason), around)
        : [];
    case "file":
      return decideFile(state, fact.attempt, fact.reading, around);
    case "question":
      return decideQuestion(state, fact.question);
    case "answer":
      return decideAnswer(state, fact.answer, around);
    case "routed":
      return isOpen(state, fact.happening.questionId) ? [fact.happening] : [];
    case "cancel":
      return state.phase === "ended"
        ? []
        : endRun(state, words.canceled(around, fact.by, fact.reason), around);
    case "folder_gone":
      return state.phase === "ended" ? [] : endRun(state, words.folderGone(around), around);
    default:
      return unreachable(fact);
  }
}

function announceSending(fact: Fact & { kind: "sending" }): RunHappening {
  const { attempt, idempotencyKey, bodyBytes } = fact;
  return { type: "attempt_sending", attempt, idempotencyKey, bodyBytes };
}

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

function decideTime(state: RunState, around: Surroundings): readonly RunHappening[] {
  const { limits, nowMs } = around;
  const deadline = deadlineAtMs(state, limits);
  if (deadline !== null && nowMs >= deadline)
    return endRun(state, words.deadlinePassed(around), around);
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
    return words.noHandoff(around, agentEnd.completion);
  }
  if (limits.idleTimeoutMs !== null && nowMs >= state.signAtMs + limits.idleTimeoutMs)
    return words.idle(around);
  return null;
}

function decideSent(
  state: RunState,
  attempt: number,
  result: SendResult,
  around: Surroundings,
): readonly RunHappening[] {
  switch (result.kind) {
    case "reply":
      return result.reply.kind === "admitted"
        ? admit(attempt, result.reply)
        : failAttempt(state, attempt, words.refused(around, result.reply), around, {
            isRetryable: result.reply.isRetryable,
            retryAfterMs: result.reply.retryAfterMs,
          });
    case "unhealthy":
      return failAttempt(state, attempt, words.unhealthy(around, result.reason), around);
    case "not_reached":
      return failAttempt(state, attempt, words.notReached(around, result.reason), around);
    case "broken":
      // The agent may be at work already: a new attempt could do the work twice.
      return failAttempt(state, attempt, words.broken(around, result.reason), around, {
        isRetryable: false,
        retryAfterMs: null,
      });
    case "failed":
      return failAttempt(state, attempt, result.failure, around, {
        isRetryable: false,
        retryAfterMs: null,
      });
    default:
      return unreachable(result);
  }
}

function admit(attempt: number, reply: HookReply & { kind: "admitted" }): readonly RunHappening[] {
  const { gatewayRunId, isIdempotent, completion } = reply;
  const admitted = { type: "attempt_admitted", attempt, gatewayRunId, isIdempotent } as const;
  return completion === null
    ? [admitted]
    : [admitted, { type: "agent_ended", attempt, completion }];
}

/** Gateways stop the agent after the same time as we do, so an error at that moment is the timeout, seen from the other side. */
function decideCompleted(
  state: RunState & { phase: "waiting" },
  { attempt, completion }: { attempt: number; completion: CompletionStatus },
  around: Surroundings,
): readonly RunHappening[] {
  const isTimeout =
    completion === "error" &&
    around.nowMs >= state.admittedAtMs + around.limits.timeoutMs - COMPLETION_GRACE_MS / 2;
  const agentEnded = { type: "agent_ended", attempt, completion } as const;
  return isTimeout
    ? [agentEnded, ...failAttempt(state, attempt, words.timedOut(around), around)]
    : [agentEnded];
}

function isOpen(state: RunState, questionId: string): boolean {
  return (
    state.phase !== "ended" && openQuestionsOf(state).some((question) => question.id === questionId)
  );
}

function isCurrentSending(state: RunState, attempt: number): boolean {
  return state.phase === "sending" && state.attempt === attempt;
}

function isWaitingFor(state: RunState, attempt: number): state is RunState & { phase: "waiting" } {
  return state.phase === "waiting" && state.attempt === attempt;
}
