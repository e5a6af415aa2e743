import { existsSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { readDocument } from "../../system/read-document.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import { noteFileName } from "../../handoff/paths.ts";
import { makeFolder } from "../../system/make-folder.ts";
import { namesIn } from "../../system/names-in.ts";
import type { Answer, Discussion, Proposal, Question } from "../../questions/question.ts";
import { parseQuestionId, questionIdOf } from "../../questions/question.ts";
import { createExclusively } from "../../system/create-exclusively.ts";

/* A run's questions and what was said to them, as files in its folder: each is created once, by whoever speaks. */

const MOST_QUESTIONS = 9_999;

/** A question before it has its id. */
export type NewQuestion = Omit<Question, "schema" | "id" | "runId">;

/** Opens a question under the next free number; null when there are too many. */
export function createQuestion(paths: RunPaths, asked: NewQuestion): Question | null {
  for (let number = lastNumber(paths) + 1; number <= MOST_QUESTIONS; number += 1) {
    const id = questionIdOf(paths.runId, number);
    const question: Question = {
      schema: "delegate.question.v1",
      id,
      runId: paths.runId,
      ...asked,
    };
    // Marked before it is there: who hears of a question finds it among the open ones.
    markOpen(paths, id);
    if (create(paths, "questions", id, null, question)) return question;
    const other = readQuestion(paths, id);
    // Somebody has opened the same in the same moment.
    if (other !== null && isSame(other, question)) return other;
  }
  return null;
}

function isSame(one: Question, other: Question): boolean {
  return one.attempt === other.attempt && one.text === other.text;
}

/** Whether anything was ever asked in a run. */
export function hasQuestions({ folder }: RunPaths): boolean {
  return existsSync(`${folder}/questions`);
}

/** All questions of a run, in their order. */
export function readQuestions(paths: RunPaths): readonly Question[] {
  return namesIn(`${paths.folder}/questions`)
    .map((name) => Number(/^q([1-9]\d*)\.json$/.exec(name)?.[1] ?? Number.NaN))
    .filter((number) => Number.isInteger(number))
    .sort((a, b) => a - b)
    .flatMap((number) => readQuestion(paths, questionIdOf(paths.runId, number)) ?? []);
}

/** One question, or null when there is none under this id. */
export function readQuestion(paths: RunPaths, id: string): Question | null {
  return readDocument<Question>(fileOf(paths, "questions", id), "delegate.question.v1");
}

/** Closes a question; false when somebody else has done so. */
export function createAnswer(paths: RunPaths, answer: Answer): boolean {
  const isFirst = create(paths, "answers", answer.questionId, null, answer);
  unmarkOpen(paths, answer.questionId);
  return isFirst;
}

/** How a question was closed, or null while it is open. */
export function readAnswer(paths: RunPaths, id: string): Answer | null {
  return readDocument<Answer>(fileOf(paths, "answers", id), "delegate.answer.v1");
}

/** Keeps what the foreman proposes; false when there is such a proposal already. */
export function createProposal(paths: RunPaths, proposal: Proposal): boolean {
  return create(paths, "proposals", proposal.questionId, proposal.number, proposal);
}

/** The latest proposal to a question, or null. */
export function readProposal(paths: RunPaths, id: string): Proposal | null {
  const number = lastOf(paths, "proposals", id);
  if (number === 0) return null;
  return readDocument<Proposal>(fileOf(paths, "proposals", id, number), "delegate.proposal.v1");
}

/** Keeps what a person says about a proposal; false when somebody has said something about it already. */
export function createDiscussion(paths: RunPaths, discussion: Discussion): boolean {
  return create(paths, "discussions", discussion.questionId, discussion.proposal, discussion);
}

/** What a person said about a proposal, or null. */
export function readDiscussion(paths: RunPaths, id: string, proposal: number): Discussion | null {
  const path = fileOf(paths, "discussions", id, proposal);
  return readDocument<Discussion>(path, "delegate.discussion.v1");
}

/** Takes all questions of a run off the list of open ones; the run has ended. */
export function closeQuestionsOf(paths: RunPaths): void {
  for (const name of namesIn(`${paths.folder}/questions`)) {
    const number = /^q([1-9]\d*)\.json$/.exec(name)?.[1];
    if (number !== undefined) unmarkOpen(paths, questionIdOf(paths.runId, Number(number)));
  }
}

/** The ids of all open questions, of whatever run; costs nothing for those that are closed. */
export function openQuestionIds(handoffDir: string): readonly string[] {
  return namesIn(indexFolder(handoffDir)).filter((name) => parseQuestionId(name) !== null);
}

function markOpen(paths: RunPaths, id: string): void {
  const folder = indexFolder(dirname(paths.folder));
  makeFolder(folder);
  writeFileSync(`${folder}/${id}`, "", { mode: 0o600 });
}

function unmarkOpen(paths: RunPaths, id: string): void {
  rmSync(`${indexFolder(dirname(paths.folder))}/${id}`, { force: true });
}

function indexFolder(handoffDir: string): string {
  return `${handoffDir}/.questions`;
}

type Kind = "questions" | "answers" | "proposals" | "discussions";

function fileOf(
  { folder }: RunPaths,
  kind: Kind,
  id: string,
  number: number | null = null,
): string {
  const name = `q${parseQuestionId(id)?.number ?? 0}`;
  return `${folder}/${kind}/${number === null ? name : `${name}-${number}`}.json`;
}

function lastNumber(paths: RunPaths): number {
  const numbers = namesIn(`${paths.folder}/questions`).map((name) =>
    Number(/^q([1-9]\d*)\.json$/.exec(name)?.[1] ?? 0),
  );
  return Math.max(0, ...numbers);
}

function lastOf({ folder }: RunPaths, kind: Kind, id: string): number {
  const prefix = `q${parseQuestionId(id)?.number ?? 0}-`;
  const numbers = namesIn(`${folder}/${kind}`)
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(/-([1-9]\d*)\.json$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** The driver of the run watches its folder, and hears of what is created below it by the note beside. */
function create(
  paths: RunPaths,
  kind: Kind,
  id: string,
  number: number | null,
  document: object,
): boolean {
  makeFolder(`${paths.folder}/${kind}`);
  const path = fileOf(paths, kind, id, number);
  const note = `${paths.folder}/${noteFileName(`${kind}-${basename(path)}`, process.pid)}`;
  return createExclusively(path, `${JSON.stringify(document)}\n`, note);
}
