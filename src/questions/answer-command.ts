import { oneLine } from "../text/one-line.ts";
import type { Question } from "./question.ts";

const FREE = '"<answer>"';
const MOST_CHARACTERS = 200;

/** The command that answers a question: with one of its options where it has some. */
export function answerCommand({ id, options }: Pick<Question, "id" | "options">): string {
  return `delegate answer ${id} ${options.length > 0 ? "--option <n>" : FREE}`;
}

/** The same for where the options are not shown beside it. */
export function howToAnswer(question: Pick<Question, "id" | "options" | "allowsFreeText">): string {
  const command = answerCommand(question);
  const { options, allowsFreeText } = question;
  if (options.length === 0) return command;
  const list = options.map((option, index) => `${index + 1} ${option}`).join(", ");
  return `${command} (${oneLine(list, MOST_CHARACTERS)})${allowsFreeText ? ` or ${FREE}` : ""}`;
}
