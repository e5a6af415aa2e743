import type { Config } from "../../../config/config.ts";
import { runPaths } from "../../../handoff/paths.ts";
import { parseQuestionId } from "../../../questions/question.ts";
import { openQuestionsOf } from "../../../run/decide/state.ts";
import { openQuestionIds, readAnswer } from "../../../run/questions/question-files.ts";
import { readEvents, readState } from "../../../run/stored/history.ts";
import { readRequest } from "../../../run/stored/run-folder.ts";
import { codeOf } from "../../../thrown.ts";
import type { QuestionHistory } from "../../../telegram/flow/wanted-steps.ts";

/** What has become of a question since it was asked. Where nothing can have become of it, nothing is looked for. */
export function historyOf(questionId: string, { questions, handoffDir }: Config): QuestionHistory {
  const named = parseQuestionId(questionId);
  const isAlone =
    questions === null || (questions.foreman ?? questions.escalateTo[0] ?? null) === null;
  if (named === null || isAlone) return { goneTo: [], proposals: 0 };
  const { events } = readEvents(runPaths(handoffDir, named.runId).events);
  const own = events.filter((event) => "questionId" in event && event.questionId === questionId);
  return {
    goneTo: own.flatMap((event) => (event.type === "question_escalated" ? [event.to] : [])),
    proposals: own.filter(({ type }) => type === "question_proposed").length,
  };
}

/** Whether any agent on this machine asks anything. */
export function isAnythingAsked({ handoffDir }: Config): boolean {
  return openQuestionIds(handoffDir).length > 0;
}

/** What is asked in these runs, as far as it is not up to a foreman. */
export function questionsForPeople(runIds: ReadonlySet<string>, config: Config): readonly string[] {
  if (runIds.size === 0) return [];
  const asking = openQuestionIds(config.handoffDir).flatMap(
    (id) => parseQuestionId(id)?.runId ?? [],
  );
  return [...new Set(asking)]
    .filter((runId) => runIds.has(runId))
    .flatMap((runId) => {
      try {
        return openIn(runId, config);
      } catch (error) {
        // One run that can't be read must not end the telling of all else.
        if (codeOf(error) === null) throw error;
        return [];
      }
    });
}

function openIn(runId: string, { handoffDir, questions }: Config): readonly string[] {
  const paths = runPaths(handoffDir, runId);
  const request = readRequest(paths);
  if (!request.ok || request.value === null) return [];
  const { agent } = request.value;
  const foreman = questions?.foreman ?? null;
  return openQuestionsOf(readState(paths, request.value))
    .filter(
      ({ proposals, isReferred }) =>
        foreman === null || foreman === agent || isReferred || proposals > 0,
    )
    .map(({ id }) => id)
    .filter((id) => readAnswer(paths, id) === null);
}
