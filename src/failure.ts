/** What a run or a command can say about its end; `error.code` is the exact one. */
export type OutcomeStatus =
  | "complete"
  | "partial"
  | "blocked"
  | "failed"
  | "timeout"
  | "malformed"
  | "error"
  | "sent"
  | "canceled";

interface FailureKind {
  /** The process's exit code. */
  readonly exit: number;
  readonly status: OutcomeStatus;
  /** Would the very same call have a chance if it were made again? */
  readonly isRetryable: boolean;
  /** May the agent still finish, so that the run is worth waiting for again? */
  readonly mayStillCome: boolean;
}

/** Every way to fail. A new failure without a row here does not compile. */
export const failureKinds = {
  agent_failed: { exit: 1, status: "failed", isRetryable: true, mayStillCome: false },
  usage: { exit: 2, status: "error", isRetryable: false, mayStillCome: false },
  config_invalid: { exit: 2, status: "error", isRetryable: false, mayStillCome: false },
  agent_unknown: { exit: 2, status: "error", isRetryable: false, mayStillCome: false },
  run_unknown: { exit: 2, status: "error", isRetryable: false, mayStillCome: false },
  run_conflict: { exit: 2, status: "error", isRetryable: false, mayStillCome: false },
  timeout: { exit: 3, status: "timeout", isRetryable: true, mayStillCome: true },
  still_running: { exit: 3, status: "timeout", isRetryable: true, mayStillCome: true },
  acl_denied: { exit: 4, status: "error", isRetryable: false, mayStillCome: false },
  malformed: { exit: 5, status: "malformed", isRetryable: true, mayStillCome: true },
  invalid: { exit: 5, status: "malformed", isRetryable: true, mayStillCome: true },
  no_handoff: { exit: 5, status: "error", isRetryable: true, mayStillCome: true },
  unreachable: { exit: 6, status: "error", isRetryable: true, mayStillCome: true },
  unauthorized: { exit: 6, status: "error", isRetryable: false, mayStillCome: false },
  send_failed: { exit: 6, status: "error", isRetryable: true, mayStillCome: true },
  agent_blocked: { exit: 7, status: "blocked", isRetryable: false, mayStillCome: false },
  canceled: { exit: 9, status: "canceled", isRetryable: false, mayStillCome: false },
  internal: { exit: 70, status: "error", isRetryable: false, mayStillCome: true },
  storage_failed: { exit: 74, status: "error", isRetryable: true, mayStillCome: true },
  interrupted: { exit: 130, status: "error", isRetryable: true, mayStillCome: true },
  terminated: { exit: 143, status: "error", isRetryable: true, mayStillCome: true },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof failureKinds;

/** One thing that is wrong in a document, with its place as a JSON pointer ("" is the whole). */
export interface Problem {
  readonly at: string;
  readonly message: string;
}

/** An expected failure: what happened in one line, and in one line what to do about it. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: string;
  /** Every single thing that was wrong, when there are several. */
  readonly problems?: readonly Problem[];
}

/** Either a value or the reason why there is none; exceptions are bugs. */
export type Result<T, E = Failure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: E };

/** Wraps a value as a successful result. */
export function success<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps a failure as a result. */
export function failure<E = Failure>(reason: E): { readonly ok: false; readonly failure: E } {
  return { ok: false, failure: reason };
}

/** The exit code that belongs to a failure; 0 when there is none. */
export function exitCodeOf(reason: Failure | null): number {
  return reason === null ? 0 : failureKinds[reason.code].exit;
}
