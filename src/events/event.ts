import type { Failure, FailureCode, OutcomeStatus } from "../failure.ts";
import type { AgentEnd } from "../gateway/hook.ts";
import type { FinalStatus } from "../handoff/document.ts";
import type { AnswerChannel } from "../questions/question.ts";

/** Why a process stopped following a run that goes on. */
export type LeaveReason =
  | "not_waiting"
  | "interrupted"
  | "terminated"
  | "wait_over"
  | "aborted"
  /** The run waits for answers, and this process did not choose to wait for people. */
  | "asking";

/** What can happen in a run, before it gets its number and its instant. */
export type RunHappening =
  | {
      readonly type: "run_created";
      readonly agent: string;
      readonly caller: string | null;
      readonly parentRunId: string | null;
      readonly workflowRunId: string | null;
      readonly stepId: string | null;
      readonly attemptsInAll: number;
      readonly task: string;
    }
  | { readonly type: "attempt_started"; readonly attempt: number }
  | {
      readonly type: "attempt_sending";
      readonly attempt: number;
      readonly idempotencyKey: string;
      readonly bodyBytes: number;
    }
  | {
      readonly type: "attempt_admitted";
      readonly attempt: number;
      readonly gatewayRunId: string | null;
      readonly isIdempotent: boolean;
    }
  | {
      readonly type: "agent_working";
      readonly attempt: number;
      readonly text: string;
      /** How far the agent is, 0 to 100; null when it does not say. */
      readonly percent: number | null;
    }
  | { readonly type: "agent_active"; readonly attempt: number }
  | ({ readonly type: "agent_ended"; readonly attempt: number } & AgentEnd)
  | { readonly type: "connection_lost"; readonly attempt: number; readonly reason: string }
  | {
      readonly type: "attempt_failed";
      readonly attempt: number;
      readonly failure: Failure;
      readonly isRetryable: boolean;
      readonly retryAfterMs: number | null;
    }
  | { readonly type: "retry_scheduled"; readonly attempt: number; readonly dueAt: string }
  | {
      readonly type: "handoff_accepted";
      readonly attempt: number;
      readonly status: FinalStatus;
      readonly isLate: boolean;
    }
  | {
      readonly type: "run_ended";
      readonly status: OutcomeStatus;
      readonly code: FailureCode | null;
      readonly attempts: number;
      readonly latencyMs: number;
      readonly failure: Failure | null;
    }
  | {
      readonly type: "question_opened";
      readonly questionId: string;
      readonly attempt: number;
      readonly text: string;
      readonly options: readonly string[];
      /** Whether an answer may be something else than an option. */
      readonly freeText: boolean;
      readonly askedBy: string;
    }
  | {
      readonly type: "question_proposed";
      readonly questionId: string;
      readonly proposal: string;
      readonly by: string;
    }
  /** The foreman can't answer, so that people have to. */
  | {
      readonly type: "question_referred";
      readonly questionId: string;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly type: "question_escalated"; readonly questionId: string; readonly to: string }
  | {
      readonly type: "question_answered";
      readonly questionId: string;
      readonly answer: string;
      readonly by: string;
      readonly channel: AnswerChannel;
      /** Who proposed what was approved, or null. */
      readonly onProposalOf: string | null;
    }
  | { readonly type: "question_skipped"; readonly questionId: string; readonly by: string }
  | { readonly type: "driver_left"; readonly generation: number; readonly reason: LeaveReason }
  | { readonly type: "driver_took_over"; readonly generation: number };

/** Every type of event that this version knows; a newer one may have written others. */
export const happeningTypes = {
  run_created: true,
  attempt_started: true,
  attempt_sending: true,
  attempt_admitted: true,
  agent_working: true,
  agent_active: true,
  agent_ended: true,
  connection_lost: true,
  attempt_failed: true,
  retry_scheduled: true,
  handoff_accepted: true,
  question_opened: true,
  question_proposed: true,
  question_referred: true,
  question_escalated: true,
  question_answered: true,
  question_skipped: true,
  run_ended: true,
  driver_left: true,
  driver_took_over: true,
} as const satisfies Record<RunHappening["type"], true>;

/** One line of `events.jsonl`. */
export type RunEvent = RunHappening & {
  /** 1 for the first event of a run, then without gaps. */
  readonly seq: number;
  /** The instant in UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly runId: string;
};

/** Something that shows or keeps events. A sink must not throw. */
export interface Sink {
  record(event: RunEvent): void;
  /** Hears what has happened in a run without this process, which others have kept. */
  overhear?(event: RunEvent): void;
  /** Does now what the sink may have put off; a run that is told of goes on elsewhere, or has ended. */
  flush?(): void;
}
