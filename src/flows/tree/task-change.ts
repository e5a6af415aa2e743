import { unreachable } from "../../unreachable.ts";
import type { TaskChange } from "./change.ts";
import type { FlowHappening } from "../event.ts";
import type { Opened, TaskKey, TaskState } from "../task.ts";
import type { Waiting } from "../work.ts";

/** The states that say by themselves what is told of them. */
export type Telling = Exclude<TaskState, { status: "running" | "undecided" }>;

/** A task that comes into this state, and what is told of it. */
export function changeTo(key: TaskKey, stepId: string, state: Telling): TaskChange {
  return { kind: "task", key, stepId, state, happenings: [happeningOf(key, state)] };
}

function happeningOf(key: TaskKey, state: Telling): FlowHappening {
  const { attempt } = state;
  switch (state.status) {
    case "ready":
      return { type: "step_ready", key, attempt };
    case "open":
      return { type: "step_opened", key, attempt, ...maxIterationsOf(state.opened) };
    case "waiting":
      return { type: "step_waiting", key, what: whatIsWaitedFor(state.waiting) };
    case "done":
      return { type: "step_done", key, attempt };
    case "failed":
      return { type: "step_failed", key, attempt, failure: state.failure, retryAt: null };
    case "skipped":
      return { type: "step_skipped", key, because: state.because };
    case "canceled":
      return { type: "step_canceled", key };
    case "forgotten":
      return { type: "step_forgotten", key };
    default:
      return unreachable(state);
  }
}

function maxIterationsOf(opened: Opened): { readonly maxIterations?: number } {
  return opened.kind === "loop" && opened.max !== undefined ? { maxIterations: opened.max } : {};
}

function whatIsWaitedFor(waiting: Waiting): string {
  switch (waiting.kind) {
    case "approval":
      return waiting.message;
    case "question":
      return waiting.question;
    case "agent_questions":
      return `answers to the questions of run ${waiting.runId}`;
    default:
      return unreachable(waiting);
  }
}
