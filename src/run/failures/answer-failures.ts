import { answerCommand, howToAnswer } from "../../questions/answer-command.ts";
import type { Failure } from "../../failure.ts";
import type { Answer, Proposal, Question } from "../../questions/question.ts";

/* The sentences for an answer that is not taken. */

export function questionUnknown(questionId: string): Failure {
  return {
    code: "usage",
    message: `there is no question ${JSON.stringify(questionId)}`,
    hint: "delegate questions lists those that are open",
  };
}

export function closedAlready({ questionId, kind, by, text, answeredAt }: Answer): Failure {
  const how = kind === "skipped" ? `skipped by ${by}` : `answered by ${by}: ${text}`;
  return {
    code: "run_conflict",
    message: `${questionId} is closed already, ${how}`,
    hint: `it happened at ${answeredAt}, and the agent is told that; delegate questions lists those that are open`,
  };
}

export function questionRunOver({ id, runId }: Question): Failure {
  return {
    code: "run_conflict",
    message: `${id} is closed: its run has ended without an answer`,
    hint: `delegate show ${runId} tells how; delegate again with the answer in the task`,
  };
}

export function answerRefused(question: Question, wrong: string): Failure {
  return {
    code: "usage",
    message: `${question.id} can't be answered so: ${wrong}`,
    hint: howToAnswer(question),
  };
}

export function nothingProposed(question: Question): Failure {
  return {
    code: "usage",
    message: `nothing is proposed to ${question.id}`,
    hint: `answer it: ${answerCommand(question)}`,
  };
}

export function proposedAnew({ id }: Question, { by, text }: Proposal): Failure {
  return {
    code: "run_conflict",
    message: `${by} proposes something else to ${id} by now: ${text}`,
    hint: `approve that, or answer otherwise: delegate answer ${id} --approve`,
  };
}

export function discussedAlready({ id, runId }: Question, { by }: Proposal): Failure {
  return {
    code: "run_conflict",
    message: `somebody has said something about the proposal to ${id} already, and ${by} has not answered yet`,
    hint: `delegate wait ${runId} has it answer; delegate questions shows the new proposal`,
  };
}
