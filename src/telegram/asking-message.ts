import { unreachable } from "../unreachable.ts";
import type { Address } from "./address.ts";
import type { Asked } from "./asked-question.ts";
import { closedStepMessage, stepMessage } from "./flow/step-message.ts";
import { closedQuestionMessage, questionMessage } from "./question-message.ts";
import type { MessageContent } from "./question-message.ts";
import type { QuestionEnd } from "./question-end.ts";

/** The message that asks people, with its buttons. */
export function askingMessage(asked: Asked, address: Address, note: string | null): MessageContent {
  switch (asked.schema) {
    case "delegate.telegram-question.v1":
      return questionMessage(asked, address, note);
    case "delegate.telegram-step.v1":
      return stepMessage(asked, address);
    default:
      return unreachable(asked);
  }
}

/** The same message once it asks no more. */
export function closedMessage(asked: Asked, end: QuestionEnd): MessageContent {
  switch (asked.schema) {
    case "delegate.telegram-question.v1":
      return closedQuestionMessage(asked.question, end);
    case "delegate.telegram-step.v1":
      return closedStepMessage(asked, end);
    default:
      return unreachable(asked);
  }
}
