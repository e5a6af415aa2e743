import type { Address } from "./address.ts";
import type { QuestionEnd } from "./question-end.ts";

/** A message besides the status: something to be said once, and sent until Telegram has it. */
export type Post =
  | { readonly kind: "say"; readonly html: string }
  | AskPost
  | { readonly kind: "close_question"; readonly key: string; readonly end: QuestionEnd };

/** A question that is to be put to people. */
export interface AskPost {
  readonly kind: "ask";
  readonly questionId: string;
  /** The number of the event because of which it is asked. */
  readonly seq: number;
  readonly key: string;
  readonly address: Address;
  /** What there is to be said besides, or null. */
  readonly note: string | null;
}
