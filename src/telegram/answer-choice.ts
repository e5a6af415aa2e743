import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { findAnswerProblem } from "../questions/question.ts";
import type { Question } from "../questions/question.ts";
import { unreachable } from "../unreachable.ts";
import type { AskedQuestion } from "./asked-question.ts";
import type { PressedButton } from "./button.ts";

/** What somebody says to a question. */
export type AnswerChoice =
  | { readonly kind: "answer"; readonly text: string }
  /** The proposal with this number. */
  | {
      readonly kind: "approve";
      readonly number: number;
      readonly text: string;
      readonly by: string;
    }
  | { readonly kind: "skip" }
  /** A remark on the proposal. */
  | { readonly kind: "discuss"; readonly text: string; readonly by: string };

/** What a pressed button answers, or null when its question has no such button. */
export function choiceOfPress(
  { question, proposal }: AskedQuestion,
  button: PressedButton,
): AnswerChoice | null {
  switch (button.kind) {
    case "approve": {
      if (proposal === null) return null;
      const { number, text, by } = proposal;
      return { kind: "approve", number, text, by };
    }
    case "skip":
      return { kind: "skip" };
    case "reject":
      return null;
    case "option": {
      const text = question.options[button.index];
      return text === undefined ? null : { kind: "answer", text };
    }
    default:
      return unreachable(button);
  }
}

/** What a reply says, or why it can't be taken; null stands for a reply without text. */
export function choiceOfReply(
  { question, proposal }: AskedQuestion,
  reply: string | null,
): Result<AnswerChoice, string> {
  if (reply === null) return failure("only text can be an answer");
  const text = answerOfReply(question, reply);
  const isOption = question.options.includes(text);
  if (proposal !== null && !isOption && isRemark(text)) {
    const remark = text.replace(/^\?\s*/, "");
    return remark === ""
      ? failure("the remark is empty")
      : success({ kind: "discuss", text: remark, by: proposal.by });
  }
  const problem = findAnswerProblem(question, text);
  return problem === null ? success({ kind: "answer", text }) : failure(problem);
}

/** The answer that a reply gives: an option is meant also in other letter case, or by its number where nothing else is allowed. */
export function answerOfReply(question: Question, reply: string): string {
  const text = reply.trim();
  const option = question.options.find((one) => one.toLowerCase() === text.toLowerCase());
  if (option !== undefined) return option;
  const byNumber = /^\d{1,4}$/.test(text) ? question.options[Number(text) - 1] : undefined;
  return question.allowsFreeText || byNumber === undefined ? text : byNumber;
}

/** Who asks back does not answer. */
function isRemark(text: string): boolean {
  return text.startsWith("?") || text.endsWith("?");
}
