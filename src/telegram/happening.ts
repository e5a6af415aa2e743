import type { RunEvent } from "../events/event.ts";

/** What happens to a question, as far as Telegram shows it. */
export type QuestionEvent = Extract<
  RunEvent,
  { readonly type: "question_opened" | "question_answered" | "question_skipped" }
>;

/** An event that Telegram may have to show. */
export type ShownEvent = RunEvent;
