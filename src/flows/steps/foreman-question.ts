import type { Question } from "../../questions/question.ts";
import type { TypedQuestion } from "../typed-answer.ts";
import { describeAnswer } from "../typed-answer.ts";

/** A flow's question as a foreman is asked it. */
export function foremanQuestion(
  asked: TypedQuestion,
  flowRunId: string,
): Pick<Question, "askedBy" | "text" | "options" | "allowsFreeText"> {
  const options = asked.answer === "boolean" ? ["yes", "no"] : asked.options;
  const form = asked.answer === "number" ? `\n\nThe answer must be ${describeAnswer(asked)}.` : "";
  return {
    askedBy: `The flow run ${flowRunId}`,
    text: `${asked.question}${form}`,
    options,
    allowsFreeText: asked.answer === "text" || asked.answer === "number",
  };
}
