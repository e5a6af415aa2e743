import { unreachable } from "../unreachable.ts";
import { plainStart } from "./html.ts";
import { capitalized } from "./question-end.ts";
import type { QuestionEnd } from "./question-end.ts";

/** What became of an answer; `todo` is what has to be done before the run goes on, or null. */
export type AnswerReport =
  | { readonly kind: "taken"; readonly end: QuestionEnd; readonly todo: string | null }
  /** The foreman is to propose anew. */
  | { readonly kind: "discussed"; readonly by: string; readonly todo: string | null }
  /** The question had been closed before. */
  | { readonly kind: "too_late"; readonly end: QuestionEnd }
  /** There is no such question. */
  | { readonly kind: "unknown" }
  /** It can't be the answer, or could not be kept. */
  | { readonly kind: "refused"; readonly reason: string };

/** What a person is told about their answer, in at most 200 characters. */
export function describeReport(report: AnswerReport): string {
  switch (report.kind) {
    case "taken":
      return plainStart(withTodo(describeOwn(report.end), report.todo), 200);
    case "discussed": {
      const said = `Told ${plainStart(report.by, 60)}, who proposes anew.`;
      return plainStart(withTodo(said, report.todo), 200);
    }
    case "too_late":
      return describeEarlier(report.end);
    case "unknown":
      return "This question is closed or was never asked.";
    case "refused":
      return `Not taken: ${plainStart(report.reason, 180)}`;
    default:
      return unreachable(report);
  }
}

/** What somebody is told who may not answer. */
export const NOT_ALLOWED = "Answers are not taken from this chat: not allowed.";

function describeOwn(end: QuestionEnd): string {
  if (end.kind === "decided") return `${plainStart(capitalized(end.decision), 90)}.`;
  return end.kind === "answered" ? `Answered: ${plainStart(end.text, 90)}` : "Skipped.";
}

function describeEarlier(end: QuestionEnd): string {
  switch (end.kind) {
    case "answered":
      return `Already answered by ${plainStart(end.by, 60)}: ${plainStart(end.text, 100)}`;
    case "skipped":
      return `Too late: skipped by ${plainStart(end.by, 60)}`;
    case "decided":
      return `Already ${plainStart(end.decision, 60)} by ${plainStart(end.by, 60)}`;
    case "not_needed":
      return "Too late: it is not waited for any more.";
    case "run_over":
      return "Too late: the run has ended.";
    case "asked_anew":
      return "Answer the newer message below.";
    default:
      return unreachable(end);
  }
}

function withTodo(said: string, todo: string | null): string {
  return todo === null ? said : `${said} ${todo}`;
}
