import { unreachable } from "../../unreachable.ts";
import type { FlowEvent } from "../event.ts";
import type { FlowEnd } from "../flow-run.ts";

/** An event of a flow run in one sentence, for people. */
export function describeFlowEvent(event: FlowEvent): string {
  switch (event.type) {
    case "flow_created":
      return `flow ${event.name}, started by ${event.author}`;
    case "step_ready":
      return `${event.key} may begin${again(event.attempt)}`;
    case "step_opened":
    case "step_started":
      return `${event.key} begins${again(event.attempt)}`;
    case "step_progress":
      return `${event.key}: ${event.words}`;
    case "step_waiting":
      return `${event.key} waits: ${event.what}`;
    case "step_escalated":
      return `${event.key} still waits and goes to ${event.to}`;
    case "step_decided":
      return `${event.key}: ${event.decision} by ${event.by}${event.note === null ? "" : `: ${event.note}`}`;
    case "step_done":
      return `${event.key} is done`;
    case "step_failed": {
      const next = event.retryAt === null ? "" : `; again at ${event.retryAt}`;
      return `${event.key} failed: ${event.failure.message}${next}`;
    }
    case "step_skipped":
      return `${event.key} is skipped: ${event.because}`;
    case "step_canceled":
      return `${event.key} is canceled`;
    case "step_recovered":
      return event.choice === "rerun"
        ? `${event.key} has lost its worker and begins again`
        : `${event.key} has lost its worker; whether it had ended is unknown, and somebody has to decide`;
    case "step_forgotten":
      return `${event.key} is forgotten, to be done again`;
    case "cancel_requested":
      return `${event.by} cancels${event.reason === null ? "" : `: ${event.reason}`}`;
    case "flow_ended":
      return `ended: ${describeEnd(event.end)}`;
    default:
      return unreachable(event);
  }
}

/** How a flow run ended, in a few words. */
export function describeEnd(end: FlowEnd): string {
  switch (end.status) {
    case "complete":
      return "complete";
    case "failed":
      return `failed${end.key === "" ? "" : ` at ${end.key}`}: ${end.failure.message}`;
    case "canceled":
      return `canceled by ${end.by}${end.reason === null ? "" : `: ${end.reason}`}`;
    default:
      return unreachable(end);
  }
}

function again(attempt: number): string {
  return attempt === 1 ? "" : ` (attempt ${attempt})`;
}
