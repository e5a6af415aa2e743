import { toIso } from "../../clock.ts";
import type { Clock } from "../../clock.ts";
import type { Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import { runPaths } from "../../handoff/paths.ts";
import type { Answer, AnswerChannel, Proposal, Question } from "../../questions/question.ts";
import { findAnswerProblem, parseQuestionId } from "../../questions/question.ts";
import {
  answerRefused,
  closedAlready,
  discussedAlready,
  nothingProposed,
  proposedAnew,
  questionRunOver,
  questionUnknown,
} from "../failures/answer-failures.ts";
import { readEvents, readState } from "../history.ts";
import { isDriven } from "../ownership.ts";
import {
  createAnswer,
  createDiscussion,
  readAnswer,
  readProposal,
  readQuestion,
} from "./question-files.ts";
import type { RunRequest } from "../request.ts";
import { readRequest, storageFailure } from "../run-folder.ts";

/** What somebody says to a question. */
export type Reply =
  | { readonly kind: "text"; readonly text: string }
  /** An option, from 1. */
  | { readonly kind: "option"; readonly number: number }
  /** What the foreman proposes: with which number, or the latest when null. */
  | { readonly kind: "approve"; readonly number: number | null }
  | { readonly kind: "skip" }
  /** A remark on what the foreman proposes, so that it proposes anew. */
  | { readonly kind: "discuss"; readonly text: string };

/** Who says it, and where they are. */
export interface Speaker {
  readonly by: string;
  readonly channel: AnswerChannel;
}

/** What became of a reply. */
export interface Replied {
  readonly question: Question;
  /** Null when the question stays open, for a new proposal. */
  readonly answer: Answer | null;
  /** Whether a process is there that goes on with it. */
  readonly isDriven: boolean;
}

/** A question that is still open, with where it lies. */
interface OpenQuestion {
  readonly question: Question;
  readonly paths: RunPaths;
  readonly request: RunRequest;
}

/** Says something to an open question; of several who answer at once one succeeds, and the others are told. */
export function replyTo(
  questionId: string,
  reply: Reply,
  speaker: Speaker,
  { handoffDir, clock }: { readonly handoffDir: string; readonly clock: Clock },
): Result<Replied> {
  const found = findOpen(questionId, handoffDir);
  if (!found.ok) return found;
  const { question, paths, request } = found.value;
  const at = toIso(clock.nowMs());
  try {
    const said =
      reply.kind === "discuss"
        ? discuss(found.value, reply.text, speaker.by, at)
        : answer(found.value, reply, speaker, at);
    if (!said.ok) return said;
    const { events } = readEvents(paths.events);
    const driven = isDriven(paths, request, events, clock.nowMs());
    return success({ question, answer: said.value, isDriven: driven });
  } catch (error) {
    return failure(storageFailure(paths.folder, error));
  }
}

function findOpen(questionId: string, handoffDir: string): Result<OpenQuestion> {
  const named = parseQuestionId(questionId);
  if (named === null) return failure(questionUnknown(questionId));
  const paths = runPaths(handoffDir, named.runId);
  const request = readRequest(paths);
  if (!request.ok) return request;
  const question = readQuestion(paths, questionId);
  if (question === null || request.value === null) return failure(questionUnknown(questionId));
  const before = readAnswer(paths, questionId);
  if (before !== null) return failure(closedAlready(before));
  const state = readState(paths, request.value);
  return state.phase === "ended"
    ? failure(questionRunOver(question))
    : success({ question, paths, request: request.value });
}

function answer(
  { question, paths }: OpenQuestion,
  reply: Exclude<Reply, { readonly kind: "discuss" }>,
  { by, channel }: Speaker,
  answeredAt: string,
): Result<Answer> {
  const proposal = reply.kind === "approve" ? readProposal(paths, question.id) : null;
  const text = textOf(question, reply, proposal);
  if (!text.ok) return text;
  const wrong = reply.kind === "skip" ? null : findAnswerProblem(question, text.value);
  if (wrong !== null) return failure(answerRefused(question, wrong));
  const given: Answer = {
    schema: "delegate.answer.v1",
    questionId: question.id,
    kind: reply.kind === "skip" ? "skipped" : "answered",
    text: text.value,
    by,
    channel,
    onProposalOf: proposal?.by ?? null,
    answeredAt,
  };
  if (createAnswer(paths, given)) return success(given);
  return failure(closedAlready(readAnswer(paths, question.id) ?? given));
}

function textOf(
  question: Question,
  reply: Exclude<Reply, { readonly kind: "discuss" }>,
  proposal: Proposal | null,
): Result<string> {
  switch (reply.kind) {
    case "text":
      return success(reply.text.trim());
    case "skip":
      return success("");
    case "approve":
      if (proposal === null) return failure(nothingProposed(question));
      return reply.number === null || reply.number === proposal.number
        ? success(proposal.text)
        : failure(proposedAnew(question, proposal));
    case "option": {
      const option = question.options[reply.number - 1];
      return option === undefined
        ? failure(answerRefused(question, `there is no option ${reply.number}`))
        : success(option);
    }
  }
}

function discuss(
  { question, paths }: OpenQuestion,
  text: string,
  by: string,
  saidAt: string,
): Result<null> {
  const proposal = readProposal(paths, question.id);
  if (proposal === null) return failure(nothingProposed(question));
  const isFirst = createDiscussion(paths, {
    schema: "delegate.discussion.v1",
    questionId: question.id,
    proposal: proposal.number,
    text,
    by,
    saidAt,
  });
  return isFirst ? success(null) : failure(discussedAlready(question, proposal));
}
