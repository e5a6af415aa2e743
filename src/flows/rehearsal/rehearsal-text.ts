import { unreachable } from "../../unreachable.ts";
import type { FlowRequest } from "../flow-run.ts";
import { describeEnd } from "../view/wording.ts";
import { describeWork, detailsOf } from "./plan-text.ts";
import type { RehearsedStep, Rehearsal } from "./rehearse.ts";

/** A rehearsal for people; a full one has whole prompts, commands and values. */
export function describeRehearsal(
  { flow }: FlowRequest,
  rehearsal: Rehearsal,
  isFull: boolean,
): string {
  const { steps, end, report } = rehearsal;
  const lines = [
    flow.description === "" ? flow.name : `${flow.name}: ${flow.description}`,
    "",
    ...steps.flatMap(isFull ? linesOf : shortLineOf),
    "",
    `end: ${describeEnd(end)}`,
    ...(report === null ? [] : ["", report.trimEnd()]),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(step: RehearsedStep): readonly string[] {
  const { work } = step;
  return [
    titleOf(step),
    ...(work === null ? [] : detailsOf(work).map((line) => `  | ${line}`.trimEnd())),
    `  → ${outcomeOf(step)}${sourceOf(step)}`,
  ];
}

function shortLineOf(step: RehearsedStep): string {
  return `${titleOf(step)} → ${endOf(step)}${sourceOf(step)}`;
}

function titleOf({ key, attempt, work }: RehearsedStep): string {
  const again = attempt > 1 ? ` (attempt ${attempt})` : "";
  return `${key}${again}${work === null ? "" : `: ${describeWork(work, null)}`}`;
}

function sourceOf({ work, isStubbed }: RehearsedStep): string {
  return work === null || isStubbed ? "" : " (no stub)";
}

function outcomeOf(step: RehearsedStep): string {
  const { outcome, work } = step;
  return outcome.kind === "done" && work !== null
    ? `done: ${JSON.stringify(outcome.output)}`
    : endOf(step);
}

function endOf({ outcome }: RehearsedStep): string {
  switch (outcome.kind) {
    case "done":
      return "done";
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
