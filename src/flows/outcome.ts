import { failureKinds } from "../failure.ts";
import type { FailureCode, OutcomeStatus } from "../failure.ts";
import { unreachable } from "../unreachable.ts";
import { treeOf } from "./tree/apply.ts";
import type { Evaluator } from "./evaluator.ts";
import { exitCodeOfStepFailure } from "./failure.ts";
import type { FlowEnd, FlowState } from "./flow-run.ts";
import type { JsonObject } from "../json/json.ts";
import type { Outcome } from "./rendering.ts";
import { reportOf } from "./report.ts";
import { asksForNewRun, reportFailed } from "./step-failure.ts";
import type { StepFailure } from "./task.ts";
import { viewsOf } from "./tree/step-view.ts";

/** Why a flow run has no good end, for whoever called. */
interface FlowError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
}

/** The one document that a flow run answers with. */
export interface FlowOutcome {
  readonly status: OutcomeStatus;
  readonly flowRunId: string;
  readonly name: string;
  /** What its steps came to, as its report sees them. */
  readonly steps: JsonObject;
  /** Markdown, or null when the flow has none. */
  readonly report: string | null;
  /** From its creation to its end. */
  readonly latencyMs: number;
  readonly error?: FlowError;
}

/** The outcome of a flow run that has ended. */
export function flowOutcomeOf(
  state: FlowState,
  end: FlowEnd,
  endedAtMs: number,
  evaluator: Evaluator,
): FlowOutcome {
  const { flowRunId, flow, createdAt } = state.request;
  const tree = treeOf(state);
  const report = reportOf(tree, evaluator);
  const how = judged(end, report);
  const error = errorOf(how, flowRunId);
  return {
    status: how.status,
    flowRunId,
    name: flow.name,
    steps: viewsOf(tree.root),
    report: report.ok ? report.value : null,
    latencyMs: Math.max(0, endedAtMs - Date.parse(createdAt)),
    ...(error === null ? {} : { error }),
  };
}

/** The exit code of a process that answers with this outcome. */
export function exitCodeOfFlow({ error }: FlowOutcome): number {
  return error === undefined ? 0 : exitCodeOfStepFailure(error.code);
}

/** The exit code of a flow run that ended so. */
export function exitCodeOfEnd(end: FlowEnd): number {
  switch (end.status) {
    case "complete":
      return 0;
    case "canceled":
      return exitCodeOfStepFailure("canceled");
    case "failed":
      return exitCodeOfStepFailure(end.failure.code);
    default:
      return unreachable(end);
  }
}

/** Earlier versions took a flow run for complete whose report can't be made. */
function judged(end: FlowEnd, report: Outcome<string | null>): FlowEnd {
  if (end.status !== "complete" || report.ok) return end;
  return { status: "failed", key: "", failure: reportFailed(report.failure) };
}

function errorOf(end: FlowEnd, flowRunId: string): FlowError | null {
  switch (end.status) {
    case "complete":
      return null;
    case "canceled":
      return {
        code: "canceled",
        message: `canceled by ${end.by}${end.reason === null ? "" : `: ${end.reason}`}`,
        hint: `delegate flow show ${flowRunId} tells how far it came`,
        retryable: false,
      };
    case "failed": {
      const { code, message } = end.failure;
      const hint = end.failure.hint.replace(/^delegate flow show(?= has )/, `$& ${flowRunId}`);
      // No step is to blame, and none to go back to.
      if (end.key === "") return { code, message, hint, retryable: false };
      const command = `delegate flow retry ${flowRunId} --from`;
      const again = `${command} ${end.key} tries again from there`;
      return {
        code,
        message: `${end.key}: ${message}`,
        hint: saysWhatNext(end.failure, command) ? hint : withRetry(hint, again),
        retryable: isRetryable(code),
      };
    }
    default:
      return unreachable(end);
  }
}

/** Who says where to go back to knows it better; and sometimes going back comes to nothing. */
function saysWhatNext(failure: StepFailure, command: string): boolean {
  const { message, hint } = failure;
  return asksForNewRun(failure) || message.includes(command) || hint.includes(command);
}

/** A hint that only speaks of the command is none. */
function withRetry(hint: string, again: string): string {
  return hint === "" || hint.includes("delegate flow retry") ? again : `${hint}; ${again}`;
}

function isRetryable(code: string): boolean {
  return isRunFailure(code) ? failureKinds[code].isRetryable : code === "command_failed";
}

function isRunFailure(code: string): code is FailureCode {
  return Object.hasOwn(failureKinds, code);
}
