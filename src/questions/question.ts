import { runIdPattern } from "../handoff/paths.ts";

/** Something that an agent needs to know before it can go on. */
export interface Question {
  readonly schema: "delegate.question.v1";
  /** `<runId>.q<number>`: it names its run, so that an answer finds its way. */
  readonly id: string;
  readonly runId: string;
  readonly attempt: number;
  readonly text: string;
  readonly options: readonly string[];
  /** Whether an answer may be something else than an option. */
  readonly allowsFreeText: boolean;
  /** The agent that asks. */
  readonly askedBy: string;
  /** Instant in UTC, ISO 8601. */
  readonly askedAt: string;
}

/** Where somebody was when they answered. */
export type AnswerChannel = "terminal" | "telegram" | "foreman";

/** How a question was closed. */
export interface Answer {
  readonly schema: "delegate.answer.v1";
  readonly questionId: string;
  readonly kind: "answered" | "skipped";
  /** Empty when it was skipped. */
  readonly text: string;
  readonly by: string;
  readonly channel: AnswerChannel;
  /** Who proposed what was approved, or null. */
  readonly onProposalOf: string | null;
  readonly answeredAt: string;
}

/** What a foreman would answer. */
export interface Proposal {
  readonly schema: "delegate.proposal.v1";
  readonly questionId: string;
  /** 1 for the first proposal to a question. */
  readonly number: number;
  readonly text: string;
  readonly reason: string;
  /** Whether the foreman may answer by itself, in its own judgment and by its confidence. */
  readonly isSure: boolean;
  readonly by: string;
  /** What a person said about the proposal before, or null. */
  readonly discussion: string | null;
  readonly proposedAt: string;
}

/** What a person says about a proposal, so that the foreman proposes anew. */
export interface Discussion {
  readonly schema: "delegate.discussion.v1";
  readonly questionId: string;
  /** The number of the proposal that it is about. */
  readonly proposal: number;
  readonly text: string;
  readonly by: string;
  readonly saidAt: string;
}

/** The id of a run's question. */
export function questionIdOf(runId: string, number: number): string {
  return `${runId}.q${number}`;
}

/** The run and the number that a question's id names, or null when it is none. */
export function parseQuestionId(
  id: string,
): { readonly runId: string; readonly number: number } | null {
  const match = /^(.+)\.q([1-9]\d{0,3})$/.exec(id);
  const [, runId, number] = match ?? [];
  return runId === undefined || number === undefined || !runIdPattern.test(runId)
    ? null
    : { runId, number: Number(number) };
}

/** What is wrong with an answer, in one line, or null. */
export function findAnswerProblem(
  question: Pick<Question, "options" | "allowsFreeText">,
  text: string,
): string | null {
  if (text.trim() === "") return "the answer is empty";
  if (question.allowsFreeText || question.options.includes(text)) return null;
  return `the answer must be one of: ${question.options.join(", ")}`;
}
