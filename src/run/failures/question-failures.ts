import type { Failure } from "../../failure.ts";
import type { Handoff } from "../../handoff/document.ts";
import { howToAnswer } from "../../questions/answer-command.ts";
import type { Question } from "../../questions/question.ts";
import { oneLine } from "../../text/one-line.ts";
import type { RunSubject } from "./failure-subject.ts";
import { QUOTED_CHARACTERS } from "./failure-subject.ts";

/* The sentences for an agent that asks, and gets no answer. */

export function blocked({ agent }: RunSubject, handoff: Handoff): Failure {
  return {
    code: "agent_blocked",
    message: `${agent} is blocked and asks: ${firstQuestionOf(handoff)}`,
    hint: "delegate again with the answer in the task or in a --context file",
  };
}

/** A question that waits for its answer, as its run knows it. */
export type OpenQuestion = Pick<Question, "id" | "text" | "options" | "allowsFreeText">;

/** Stands for a question that can't be read any more. */
const unknown: OpenQuestion = { id: "<questionId>", text: "", options: [], allowsFreeText: true };

/** How a process leaves a run whose agent asks: the run goes on as soon as there are answers. */
export function asks({ agent, runId }: RunSubject, open: readonly OpenQuestion[]): Failure {
  const [first = unknown] = open;
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : "";
  const others = open.length > 1 ? ", the others likewise (delegate questions lists them)" : "";
  return {
    code: "agent_blocked",
    message: `${agent} is blocked and asks: ${oneLine(first.text, QUOTED_CHARACTERS)}${more}`,
    hint: `${howToAnswer(first)}${others}, then delegate wait ${runId}`,
  };
}

export function askedTooOften({ agent }: RunSubject, handoff: Handoff, rounds: number): Failure {
  return {
    code: "agent_blocked",
    message: `${agent} has asked ${rounds} times already and asks again: ${firstQuestionOf(handoff)}`,
    hint: "delegate again with all the answers in the task or in a --context file",
  };
}

export function askedNothing({ agent }: RunSubject): Failure {
  return {
    code: "agent_blocked",
    message: `${agent} is blocked, and what it asks can't be read any more`,
    hint: "delegate again, and say in the task what it may need to know",
  };
}

function firstQuestionOf({ questions, result }: Handoff): string {
  return oneLine(questions?.[0]?.text ?? result, QUOTED_CHARACTERS);
}
