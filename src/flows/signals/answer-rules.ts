import { describeAnswer, readTypedAnswer } from "../typed-answer.ts";
import { refused } from "./signal-decision.ts";
import type { SignalDecision } from "./signal-decision.ts";
import type { TaskKey } from "../task.ts";
import type { Waiting } from "../work.ts";

/** Why a text is no answer to a question; null when it is one. */
export function whyNotAnswer(
  key: TaskKey,
  question: Extract<Waiting, { kind: "question" }>,
  answer: string,
): SignalDecision | null {
  return readTypedAnswer(question, answer).ok
    ? null
    : refused(`"${answer}" does not answer "${key}"`, `it wants ${describeAnswer(question)}`);
}
