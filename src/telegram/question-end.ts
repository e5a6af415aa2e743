import { unreachable } from "../unreachable.ts";
import { escapeLine, escapeToFit } from "./html.ts";

/** How a question was closed, for the message that asked it. */
export type QuestionEnd =
  | {
      readonly kind: "answered";
      readonly text: string;
      readonly by: string;
      /** Who proposed what was approved, or null. */
      readonly onProposalOf: string | null;
    }
  | { readonly kind: "skipped"; readonly by: string }
  /** What was to be approved, or somebody has decided how a step goes on. */
  | {
      readonly kind: "decided";
      /** In a word, such as `approved`. */
      readonly decision: string;
      readonly by: string;
      readonly note: string | null;
    }
  /** Nobody has to decide any more, such as when the time for it is over. */
  | { readonly kind: "not_needed" }
  /** The run has ended without an answer. */
  | { readonly kind: "run_over" }
  /** A newer message asks it. */
  | { readonly kind: "asked_anew" };

/** The same in Telegram's HTML. */
export function describeEnd(end: QuestionEnd): string {
  switch (end.kind) {
    case "answered": {
      const proposed =
        end.onProposalOf === null ? "" : `, as ${escapeLine(end.onProposalOf, 100)} proposed`;
      return `Answered by ${escapeLine(end.by, 100)}${proposed}:\n<b>${escapeToFit(end.text, 1_700)}</b>`;
    }
    case "skipped":
      return `Skipped by ${escapeLine(end.by, 100)}`;
    case "decided": {
      const note = end.note === null ? "" : `:\n${escapeToFit(end.note, 600)}`;
      return `${escapeLine(capitalized(end.decision), 60)} by ${escapeLine(end.by, 100)}${note}`;
    }
    case "not_needed":
      return "Closed: it is not waited for any more.";
    case "run_over":
      return "Closed without an answer: the run has ended.";
    case "asked_anew":
      return "Asked anew below.";
    default:
      return unreachable(end);
  }
}

/** A sentence begins with it. */
export function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
