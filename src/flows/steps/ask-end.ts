import type { Decision, StepEnd, StepUsage, Waiting, Work } from "../work.ts";
import { readTypedAnswer } from "../typed-answer.ts";

type AskWork = Extract<Work, { kind: "ask" }>;

/** What a foreman says: taken when it is sure, else it is a proposal for a person. */
export interface ForemanAnswer {
  readonly text: string;
  readonly isSure: boolean;
  readonly by: string;
  readonly usage: StepUsage;
}

/** What follows from an answer that somebody has given. A wrong one is asked for again. */
export function endOfDecision(work: AskWork, decision: Decision): StepEnd {
  if (decision.kind !== "answered") return waitForPerson(work, null);
  const answer = readTypedAnswer(work, decision.answer);
  return answer.ok
    ? { end: "done", output: { answer: answer.value, by: decision.by }, usage: null }
    : waitForPerson(work, null);
}

/** What follows from what the foreman says; null when it says nothing of use. */
export function endOfForeman(work: AskWork, said: ForemanAnswer | null): StepEnd {
  if (said === null) return waitForPerson(work, null);
  const answer = readTypedAnswer(work, said.text);
  if (!answer.ok) return waitForPerson(work, null);
  return said.isSure
    ? { end: "done", output: { answer: answer.value, by: said.by }, usage: said.usage }
    : waitForPerson(work, said.text);
}

/** Waits for a person, with what the foreman would answer. */
export function waitForPerson(work: AskWork, proposal: string | null): StepEnd {
  const { question, options, answer } = work;
  const waiting: Waiting = { kind: "question", question, options, answer, proposal };
  return { end: "waiting", waiting };
}
