import { unreachable } from "../unreachable.ts";
import type { RunEvent } from "./event.ts";

/** An event in one sentence, for people. */
export function describeEvent(event: RunEvent): string {
  switch (event.type) {
    case "run_created":
      return `run for ${event.agent}${event.caller === null ? "" : `, asked by ${event.caller}`}: ${event.task}`;
    case "attempt_started":
      return `attempt ${event.attempt} begins`;
    case "attempt_sending":
      return `attempt ${event.attempt}: sending ${event.bodyBytes} bytes`;
    case "attempt_admitted":
      return `attempt ${event.attempt}: the gateway has the task`;
    case "agent_working": {
      const work = describeWork(event);
      return `attempt ${event.attempt}: the agent is working${work === "" ? "" : `: ${work}`}`;
    }
    case "agent_active":
      return `attempt ${event.attempt}: the agent is writing`;
    case "agent_ended":
      return `attempt ${event.attempt}: the agent's own run ended (${event.completion})${event.handoffError === undefined ? "" : `, and its handoff could not be written: ${event.handoffError}`}`;
    case "connection_lost":
      return `attempt ${event.attempt}: connection to the gateway lost (${event.reason}); watching the file`;
    case "attempt_failed":
      return `attempt ${event.attempt} failed: ${event.failure.message}`;
    case "retry_scheduled":
      return `attempt ${event.attempt} is due at ${event.dueAt}`;
    case "handoff_accepted":
      return `attempt ${event.attempt}: handoff accepted (${event.status}${event.isLate ? ", late" : ""})`;
    case "question_opened":
      return `${event.askedBy} asks (${event.questionId}): ${event.text}`;
    case "question_proposed":
      return `${event.by} proposes an answer to ${event.questionId}: ${event.proposal}`;
    case "question_referred":
      return `${event.by} could not answer ${event.questionId}: ${event.reason}`;
    case "question_escalated":
      return `${event.questionId} is still open and goes to ${event.to}`;
    case "question_answered":
      return `${event.by} answered ${event.questionId}: ${event.answer}${event.onProposalOf === null ? "" : ` (proposed by ${event.onProposalOf})`}`;
    case "question_skipped":
      return `${event.by} skipped ${event.questionId}`;
    case "run_ended":
      return `ended: ${event.code ?? event.status} after ${event.attempts} ${event.attempts === 1 ? "attempt" : "attempts"}, ${event.latencyMs} ms`;
    case "driver_left":
      return `no longer watched here (${event.reason})`;
    case "driver_took_over":
      return "watched again, by another process";
    default:
      return unreachable(event);
  }
}

/** How far an agent is and what it does, such as "45 %: reading"; empty when it says neither. */
export function describeWork({
  text,
  percent,
}: Pick<RunEvent & { type: "agent_working" }, "text" | "percent">): string {
  const share = percent === null ? "" : `${Math.round(percent)} %`;
  return [share, text].filter((part) => part !== "").join(": ");
}
