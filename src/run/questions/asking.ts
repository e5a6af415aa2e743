import { pause } from "../../system/pause.ts";
import { toIso } from "../../clock.ts";
import type { Clock } from "../../clock.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import type { Answer, Question } from "../../questions/question.ts";
import { readState } from "../history.ts";
import { createQuestion, readAnswer } from "./question-files.ts";
import type { RunRequest } from "../request.ts";
import { storageFailure } from "../run-folder.ts";
import type { RunState } from "../decide/state.ts";

/** What an agent asks from inside its running attempt. */
export interface AgentQuestion {
  readonly text: string;
  readonly options: readonly string[];
  readonly allowsFreeText: boolean;
}

/** The run that asks, and which of its attempts. */
export interface AskingRun {
  readonly request: RunRequest;
  readonly paths: RunPaths;
  readonly state: RunState;
  readonly attempt: number;
}

const LOOK_INTERVAL_MS = 100;

/** Reading a run's events costs more than looking for a file. */
const LOOKS_PER_LIFE_SIGN = 10;

/** Opens a question in a run that is under way. */
export function askInRun(
  { request, paths, state, attempt }: AskingRun,
  { text, options, allowsFreeText }: AgentQuestion,
  clock: Clock,
): Result<Question> {
  if (state.phase === "ended") return failure(runOver(request.runId));
  try {
    const question = createQuestion(paths, {
      attempt,
      text,
      options,
      allowsFreeText: allowsFreeText || options.length === 0,
      askedBy: request.agent,
      askedAt: toIso(clock.nowMs()),
    });
    return question === null ? failure(tooMany(request.runId)) : success(question);
  } catch (error) {
    return failure(storageFailure(paths.folder, error));
  }
}

/** Waits until a question is closed; null when the signal fires before. */
export async function awaitAnswer(
  { id, runId }: Question,
  { request, paths }: AskingRun,
  signal: AbortSignal,
): Promise<Result<Answer | null>> {
  for (let looks = 1; !signal.aborted; looks += 1) {
    const answer = readAnswer(paths, id);
    if (answer !== null) return success(answer);
    if (looks % LOOKS_PER_LIFE_SIGN === 0) {
      if (readState(paths, request).phase === "ended") return failure(runOver(runId));
    }
    await pause(LOOK_INTERVAL_MS, signal);
  }
  return success(readAnswer(paths, id));
}

function runOver(runId: string): Failure {
  return {
    code: "run_conflict",
    message: `run ${runId} has ended, so nobody answers in it`,
    hint: `delegate show ${runId} tells how it ended`,
  };
}

function tooMany(runId: string): Failure {
  return {
    code: "usage",
    message: `run ${runId} has asked too many questions`,
    hint: "hand over what there is",
  };
}
