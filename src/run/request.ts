import { isFields } from "../json/fields.ts";
import { parseJson } from "../json/parse-json.ts";
import type { RunHappening } from "../events/event.ts";
import type { Validation } from "../handoff/document.ts";
import { oneLine } from "../text/one-line.ts";
import type { ContextText } from "./prompt.ts";

/** What was asked, as it is kept in `request.json`, so that another process can go on with the run. */
export interface RunRequest {
  readonly schema: "delegate.request.v1";
  readonly runId: string;
  /** The instant in UTC, ISO 8601. */
  readonly createdAt: string;
  readonly createdBy: ProcessIdentity;
  readonly agent: string;
  readonly caller: string | null;
  readonly parentRunId: string | null;
  readonly workflowRunId: string | null;
  readonly stepId: string | null;
  readonly task: string;
  readonly context: readonly ContextText[];
  readonly validation: Validation;
  /** The caller's JSON Schema for `data`, or null. */
  readonly dataSchema: unknown;
  readonly doesDeliver: boolean;
  readonly checksHealth: boolean;
  /** Not there when the agent is as its config says. */
  readonly mode?: "plan";
  readonly limits: RunLimits;
}

/** Which process this is, so that another one can tell whether it is still there. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's ticks since boot; null where that can't be known. */
  readonly startTicks: string | null;
}

/** How long and how often, in milliseconds; null means no limit. */
export interface RunLimits {
  readonly attempts: number;
  /** The most time for one attempt, from its admission. */
  readonly timeoutMs: number;
  /** The most time for the whole run, from its creation. */
  readonly deadlineMs: number | null;
  /** The most time without a sign of life. */
  readonly idleTimeoutMs: number | null;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

/** Reads a stored request; null when it is not whole, which only somebody else can have done to it. */
export function parseRequest(text: string): RunRequest | null {
  const value = parseJson(text);
  return isRequest(value) ? value : null;
}

function isRequest(value: unknown): value is RunRequest {
  if (!isFields(value) || value["schema"] !== "delegate.request.v1") return false;
  const { runId, agent, task, createdAt, createdBy, limits, context } = value;
  return (
    [runId, agent, task, createdAt].every((field) => typeof field === "string") &&
    !Number.isNaN(Date.parse(String(createdAt))) &&
    isFields(createdBy) &&
    isFields(limits) &&
    [limits["attempts"], limits["timeoutMs"]].every((limit) => typeof limit === "number") &&
    Array.isArray(context)
  );
}

/** The first event of a run. */
export function creationOf(request: RunRequest): RunHappening {
  const { agent, caller, parentRunId, workflowRunId, stepId } = request;
  const task = firstWords(request.task);
  const attemptsInAll = request.limits.attempts;
  return {
    type: "run_created",
    agent,
    caller,
    parentRunId,
    workflowRunId,
    stepId,
    attemptsInAll,
    task,
  };
}

/** How a task is named where there is room for one line. */
export function firstWords(task: string): string {
  return oneLine(task, 120);
}
