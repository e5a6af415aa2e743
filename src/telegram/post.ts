import type { AskedQuestion } from "./asked-question.ts";
import type { QuestionEnd } from "./question-message.ts";
import type { ChatId } from "./settings.ts";

/** A message besides the status: something to be said once, and sent until Telegram has it. */
export type Post =
  | { readonly kind: "say"; readonly html: string }
  | {
      readonly kind: "ask";
      readonly asked: AskedQuestion;
      /** Another chat than the configured one, or null. */
      readonly chatId: ChatId | null;
    }
  | { readonly kind: "close_question"; readonly key: string; readonly end: QuestionEnd };
