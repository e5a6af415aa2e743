import { unreachable } from "../unreachable.ts";
import { plainStart } from "./html.ts";

/** What became of an answer. */
export type AnswerReport =
  | { readonly kind: "answered" }
  /** Somebody was faster; `text` is null when the question was skipped. */
  | { readonly kind: "already_answered"; readonly text: string | null; readonly by: string }
  /** There is no such question, or its run is gone. */
  | { readonly kind: "unknown" }
  /** It can't be the answer, or could not be kept. */
  | { readonly kind: "refused"; readonly reason: string };

/** What a person is told about their answer, in at most 200 characters. */
export function describeAnswer(report: AnswerReport, text: string): string {
  switch (report.kind) {
    case "answered":
      return `Answered: ${plainStart(text, 150)}`;
    case "already_answered":
      return report.text === null
        ? `Too late: skipped by ${plainStart(report.by, 60)}`
        : `Already answered by ${plainStart(report.by, 60)}: ${plainStart(report.text, 100)}`;
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
