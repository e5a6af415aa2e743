import { runPaths } from "../../handoff/paths.ts";
import { parseQuestionId } from "../../questions/question.ts";
import type { QuestionSettings } from "../../questions/routing.ts";
import { routeQuestion } from "../../questions/routing.ts";
import { codeOf } from "../../thrown.ts";
import type { QuestionState } from "../decide/state.ts";
import { openQuestionsOf } from "../decide/state.ts";
import { readState } from "../stored/history.ts";
import type { RunRequest } from "../stored/request.ts";
import { readRequest } from "../stored/run-folder.ts";
import { openQuestionIds, readAnswer } from "./question-files.ts";

/** The runs that wait for answers, and ask something that is to go to the next in line by now. */
export function runsWithDueEscalations(
  handoffDir: string,
  settings: QuestionSettings,
  nowMs: number,
): readonly RunRequest[] {
  if (settings.escalateTo.length === 0) return [];
  const runIds = openQuestionIds(handoffDir).flatMap((id) => parseQuestionId(id)?.runId ?? []);
  return [...new Set(runIds)].flatMap((runId) => {
    try {
      return dueRun(handoffDir, runId, settings, nowMs) ?? [];
    } catch (error) {
      // One run that can't be read must not hide all others.
      if (codeOf(error) === null) throw error;
      return [];
    }
  });
}

function dueRun(
  handoffDir: string,
  runId: string,
  settings: QuestionSettings,
  nowMs: number,
): RunRequest | null {
  const paths = runPaths(handoffDir, runId);
  const read = readRequest(paths);
  if (!read.ok || read.value === null) return null;
  const request = read.value;
  const state = readState(paths, request);
  // Whoever has an agent at work drives its run, and sees to what it asks.
  if (state.phase !== "asking") return null;
  const open = openQuestionsOf(state).filter(({ id }) => readAnswer(paths, id) === null);
  return open.some((question) => isDue(question, request, settings, nowMs)) ? request : null;
}

function isDue(
  { askedAtMs, proposals, isReferred, escalations }: QuestionState,
  { agent }: RunRequest,
  settings: QuestionSettings,
  nowMs: number,
): boolean {
  const isForemanOut = isReferred || settings.foreman === agent;
  const progress = { askedAtMs, proposals, isForemanOut, discussion: null, escalations };
  return routeQuestion(progress, settings, nowMs).kind === "escalate";
}
