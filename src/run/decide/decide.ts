import type { RunHappening } from "../../events/event.ts";
import type { AgentEnd } from "../../gateway/hook.ts";
import type { Answer, Question } from "../../questions/question.ts";
import { unreachable } from "../../unreachable.ts";
import type { FileReading } from "./decide-file.ts";
import { decideFile } from "./decide-file.ts";
import { decideAnswer, decideQuestion } from "./decide-question.ts";
import type { SendResult } from "./decide-sent.ts";
import { decideSent } from "./decide-sent.ts";
import { decideCompleted, decideTime } from "./decide-time.ts";
import type { Surroundings } from "./ending.ts";
import { endRun, failAttempt } from "./ending.ts";
import { canceled, folderGone } from "../failures/run-failures.ts";
import { gatewayGone } from "../failures/sending-failures.ts";
import type { RunState } from "./state.ts";
import { openQuestionsOf } from "./state.ts";

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
  | ({ readonly kind: "completed"; readonly attempt: number } & AgentEnd)
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
        ? failAttempt(state, fact.attempt, gatewayGone(around, fact.reason), around)
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
        : endRun(state, canceled(around, fact.by, fact.reason), around);
    case "folder_gone":
      return state.phase === "ended" ? [] : endRun(state, folderGone(around), around);
    default:
      return unreachable(fact);
  }
}

function announceSending(fact: Fact & { kind: "sending" }): RunHappening {
  const { attempt, idempotencyKey, bodyBytes } = fact;
  return { type: "attempt_sending", attempt, idempotencyKey, bodyBytes };
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
