import type { Failure } from "../../failure.ts";
import { failureKinds } from "../../failure.ts";
import type { FlowOutcome } from "../../flows/outcome.ts";
import { exitCodeOfFlow } from "../../flows/outcome.ts";
import { runIdPattern } from "../../handoff/paths.ts";
import type { OutputFormat } from "../command.ts";
import { plainText } from "../../text/plain.ts";
import { describeFailure, reportFailure, reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowCommand, WorkerCommand } from "./command.ts";

/** Prints how a flow run ended; the value is the process's exit code. */
export function printFlowOutcome(outcome: FlowOutcome, format: OutputFormat, shell: Shell): number {
  const { report, error } = outcome;
  if (format === "json") reportJson(outcome, shell);
  else {
    if (report !== null && report.trim() !== "") printText(report, shell);
    if (error !== undefined) shell.stderr.write(describeFailure(error));
  }
  return exitCodeOfFlow(outcome);
}

/** Prints Markdown as it is, and calmed where it reaches a terminal. */
export function printText(text: string, shell: Shell): void {
  const shown = shell.stdout.isTerminal ? plainText(text) : text;
  shell.stdout.write(shown.endsWith("\n") ? shown : `${shown}\n`);
}

/** What is known of a flow run that has no outcome. */
export interface FlowNames {
  readonly flowRunId?: string;
  readonly name?: string;
}

/** Prints why there is no outcome; the value is the process's exit code. */
export function refuseFlow(
  reason: Failure,
  { flowRunId = "", name }: FlowNames,
  format: OutputFormat,
  shell: Shell,
): number {
  const { status, exit, isRetryable: retryable } = failureKinds[reason.code];
  if (format === "text") return reportFailure(reason, shell);
  const names = {
    // What can't be an id is no flow run's.
    ...(runIdPattern.test(flowRunId) ? { flowRunId } : {}),
    ...(name === undefined ? {} : { name }),
  };
  reportJson({ status, ...names, error: { ...reason, retryable } }, shell);
  // What must be corrected by whoever called is for people, too.
  if (exit === failureKinds.usage.exit) reportFailure(reason, shell);
  return exit;
}

/** Prints that a command has failed by a bug of ours; the value is the process's exit code. */
export function reportFlowBug(
  bug: Failure,
  command: FlowCommand | WorkerCommand,
  shell: Shell,
): number {
  if (command.name === "worker") return reportFailure(bug, shell);
  switch (command.action) {
    case "run":
    case "wait":
    case "resume":
    case "retry":
      return refuseFlow(bug, {}, command.format, shell);
    case "logs":
      return reportFailure(bug, shell);
    default:
      return reportRefusal(bug, "isJson" in command && command.isJson, shell);
  }
}
