import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { findAnswerProblem } from "../questions/question.ts";
import type { AskedQuestion } from "./asked-question.ts";
import { answerOfReply } from "./question-message.ts";
import type { PressedButton } from "./question-message.ts";

/** What somebody answered. */
export interface AnswerChoice {
  readonly text: string;
  /** Which option it is, from 0, or null. */
  readonly optionIndex: number | null;
  /** Whose proposal was approved, or null. */
  readonly onProposalOf: string | null;
}

/** What a pressed button answers, or null when its question has no such button. */
export function choiceOfPress(asked: AskedQuestion, button: PressedButton): AnswerChoice | null {
  if (button.kind === "approve") {
    const { proposal } = asked;
    return proposal === null
      ? null
      : { text: proposal.text, optionIndex: null, onProposalOf: proposal.by };
  }
  const text = asked.question.options[button.index];
  return text === undefined ? null : { text, optionIndex: button.index, onProposalOf: null };
}

/** What a reply answers, or why it can't be the answer; null stands for a reply without text. */
export function choiceOfReply(
  { question }: AskedQuestion,
  reply: string | null,
): Result<AnswerChoice, string> {
  if (reply === null) return failure("only text can be an answer");
  const text = answerOfReply(question, reply);
  const problem = findAnswerProblem(question, text);
  if (problem !== null) return failure(problem);
  const index = question.options.indexOf(text);
  return success({ text, optionIndex: index === -1 ? null : index, onProposalOf: null });
}
