import { runPaths } from "../../handoff/paths.ts";
import type { Answer, Proposal, Question } from "../../questions/question.ts";
import { parseQuestionId } from "../../questions/question.ts";
import { readState } from "../history.ts";
import {
  openQuestionIds,
  readAnswer,
  readProposal,
  readQuestion,
  readQuestions,
} from "./question-files.ts";
import { listRuns } from "../run-list.ts";
import { readRequest } from "../run-folder.ts";

/** A question with what was said to it. */
export interface ListedQuestion {
  readonly question: Question;
  readonly isOpen: boolean;
  /** The foreman's latest proposal, or null. */
  readonly proposal: Proposal | null;
  readonly answer: Answer | null;
}

/** Among so many of the newest runs questions that are closed are looked for. */
const NEWEST_RUNS = 100;

/** The open questions of all runs, oldest first. */
export function listOpenQuestions(handoffDir: string): readonly ListedQuestion[] {
  return openQuestionIds(handoffDir)
    .flatMap((id) => listed(handoffDir, id) ?? [])
    .filter(({ isOpen }) => isOpen)
    .sort(byAge);
}

/** The same with the closed questions of the newest runs. */
export function listQuestions(handoffDir: string): readonly ListedQuestion[] {
  const filter = { status: null, agent: null, caller: null, limit: NEWEST_RUNS };
  const recent = listRuns(handoffDir, filter).flatMap(({ runId }) =>
    readQuestions(runPaths(handoffDir, runId)).map(({ id }) => id),
  );
  const ids = new Set([...openQuestionIds(handoffDir), ...recent]);
  return [...ids].flatMap((id) => listed(handoffDir, id) ?? []).sort(byAge);
}

function listed(handoffDir: string, id: string): ListedQuestion | null {
  const runId = parseQuestionId(id)?.runId;
  if (runId === undefined) return null;
  const paths = runPaths(handoffDir, runId);
  const request = readRequest(paths);
  const question = readQuestion(paths, id);
  if (question === null || !request.ok || request.value === null) return null;
  const answer = readAnswer(paths, id);
  const hasEnded = answer === null && readState(paths, request.value).phase === "ended";
  const isOpen = answer === null && !hasEnded;
  return { question, isOpen, proposal: readProposal(paths, id), answer };
}

function byAge(a: ListedQuestion, b: ListedQuestion): number {
  return Date.parse(a.question.askedAt) - Date.parse(b.question.askedAt);
}
