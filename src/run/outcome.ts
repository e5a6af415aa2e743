import type { Failure, FailureCode, OutcomeStatus, Problem } from "../failure.ts";
import { failureKinds } from "../failure.ts";
import type { Handoff } from "../handoff/document.ts";

/** Why there is no good result, for the caller. */
export interface OutcomeError {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly problems?: readonly Problem[];
}

/** The one document that a delegation answers with: the handoff's fields, and what is known of the run. */
export interface Outcome extends Partial<Omit<Handoff, "status" | "runId" | "agent">> {
  readonly status: OutcomeStatus;
  readonly runId?: string;
  readonly agent?: string;
  readonly attempts?: number;
  /** Milliseconds from the run's creation to its end, all attempts included. */
  readonly latencyMs?: number;
  readonly workflowRunId?: string;
  readonly stepId?: string;
  /** The agent's last words while it was working, when there is no result. */
  readonly lastWords?: string;
  /** The file with which the agent of a canceled run handed over all the same; it is not the result. */
  readonly late?: string;
  readonly error?: OutcomeError;
}

/** What names a run. */
export interface RunNames {
  readonly runId: string;
  readonly agent: string;
  readonly workflowRunId: string | null;
  readonly stepId: string | null;
}

/** What is known when a run is over. */
export interface OutcomeFacts {
  readonly names: RunNames;
  readonly status: OutcomeStatus;
  readonly handoff: Handoff | null;
  readonly attempts: number;
  readonly latencyMs: number;
  readonly lastWords: string | null;
  readonly failure: Failure | null;
}

/** The outcome of a run that is over. */
export function buildOutcome(facts: OutcomeFacts): Outcome {
  const { names, handoff, failure } = facts;
  return {
    status: facts.status,
    ...(handoff === null ? {} : fieldsOf(handoff)),
    ...namesOf(names),
    attempts: facts.attempts,
    latencyMs: facts.latencyMs,
    ...(handoff === null && facts.lastWords !== null ? { lastWords: facts.lastWords } : {}),
    ...(failure === null ? {} : { error: errorOf(failure) }),
  };
}

/** What an agent may not say in our place: an `error` of its own would read as a failed run. */
const ownFields: ReadonlySet<string> = new Set([
  "status",
  "error",
  "lastWords",
  "workflowRunId",
  "stepId",
]);

function fieldsOf(handoff: Handoff): Partial<Omit<Handoff, "status">> {
  return Object.fromEntries(Object.entries(handoff).filter(([name]) => !ownFields.has(name)));
}

/** The outcome of a run that was sent and goes on without us. */
export function sentOutcome({ runId, agent }: RunNames): Outcome {
  return { status: "sent", runId, agent };
}

/** The outcome when there is no run, or when this process can't stay for its end. */
export function failureOutcome(failure: Failure, names: Partial<RunNames>): Outcome {
  return { status: failureKinds[failure.code].status, ...namesOf(names), error: errorOf(failure) };
}

function namesOf({ runId, agent, workflowRunId, stepId }: Partial<RunNames>): Partial<Outcome> {
  return {
    ...(runId === undefined ? {} : { runId }),
    ...(agent === undefined ? {} : { agent }),
    ...(typeof workflowRunId === "string" ? { workflowRunId } : {}),
    ...(typeof stepId === "string" ? { stepId } : {}),
  };
}

function errorOf({ code, message, hint, problems }: Failure): OutcomeError {
  const retryable = failureKinds[code].isRetryable;
  return { code, message, hint, retryable, ...(problems === undefined ? {} : { problems }) };
}
