import { runPaths } from "../../handoff/paths.ts";
import { readState } from "../../run/history.ts";
import { readAnswer } from "../../run/questions/question-files.ts";
import { readRequest } from "../../run/run-folder.ts";
import { openQuestionsOf } from "../../run/decide/state.ts";

/** What a run that has been left asks: null when it does not ask, and none when all is answered by now. */
export function openQuestionsIn(runId: string, handoffDir: string): readonly string[] | null {
  const paths = runPaths(handoffDir, runId);
  const request = readRequest(paths);
  if (!request.ok || request.value === null) return null;
  const state = readState(paths, request.value);
  if (state.phase !== "asking") return null;
  return openQuestionsOf(state)
    .map(({ id }) => id)
    .filter((id) => readAnswer(paths, id) === null);
}
