import { unreachable } from "../../unreachable.ts";
import type { FlowRequest } from "../flow-run.ts";
import { describeEnd } from "../wording.ts";
import { describeWork, detailsOf } from "./plan-text.ts";
import type { RehearsedStep, Rehearsal } from "./rehearse.ts";

/** A rehearsal for people. */
export function describeRehearsal({ flow }: FlowRequest, rehearsal: Rehearsal): string {
  const { steps, end, report, reportProblem } = rehearsal;
  const lines = [
    `${flow.name}: ${flow.description}`,
    "",
    ...steps.flatMap(linesOf),
    "",
    `end: ${describeEnd(end)}`,
    ...(reportProblem === null || end.status !== "complete"
      ? []
      : [`the report can't be made: ${reportProblem}`]),
    ...(report === null ? [] : ["", report.trimEnd()]),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(step: RehearsedStep): readonly string[] {
  const { key, attempt, work, isStubbed } = step;
  const again = attempt > 1 ? ` (attempt ${attempt})` : "";
  const what = work === null ? "" : `: ${describeWork(work, null)}`;
  const from = work === null || isStubbed ? "" : " (no stub)";
  return [
    `${key}${again}${what}`,
    ...(work === null ? [] : detailsOf(work).map((line) => `  | ${line}`.trimEnd())),
    `  → ${outcomeOf(step)}${from}`,
  ];
}

function outcomeOf({ outcome, work }: RehearsedStep): string {
  switch (outcome.kind) {
    case "done":
      return work === null ? "done" : `done: ${JSON.stringify(outcome.output)}`;
    case "failed":
      return `failed: ${outcome.failure.message}${outcome.isRetried ? "; tried again" : ""}`;
    case "skipped":
      return `skipped: ${outcome.because}`;
    case "canceled":
      return "canceled";
    default:
      return unreachable(outcome);
  }
}
