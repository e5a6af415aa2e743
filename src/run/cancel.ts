import { toIso } from "../clock.ts";
import type { Agent } from "../config/config.ts";
import type { OutcomeStatus, Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { attemptFileName, runPaths } from "../handoff/paths.ts";
import type { RunPaths } from "../handoff/paths.ts";
import { childrenOf, leaveCancelRequest } from "./stored/cancel-request.ts";
import { endRun } from "./decide/ending.ts";
import { followRun } from "./follow.ts";
import { readEvents, readState } from "./stored/history.ts";
import { readLeftHandoff } from "./stored/left-handoff.ts";
import { Journal } from "./stored/journal.ts";
import { takeOver } from "./stored/ownership.ts";
import { findRunIdProblem } from "./plan.ts";
import type { RunTools } from "./ports.ts";
import { closeQuestionsOf } from "./questions/question-files.ts";
import type { RunRequest } from "./stored/request.ts";
import { canceled, runUnknown } from "./failures/run-failures.ts";
import { readRequest, storageFailure } from "./stored/run-folder.ts";
import type { RunState } from "./decide/state.ts";

/** Who wants a run ended, and why. */
export interface CancelWish {
  readonly by: string;
  readonly reason: string | null;
}

/** What became of the wish. */
export interface Cancellation {
  readonly runId: string;
  /** How the run has ended now: `canceled`, or as it had ended before; null if its driver has not answered yet. */
  readonly status: OutcomeStatus | null;
  /** Whether the agent's processes are being ended; null where a gateway can't end anything. */
  readonly isAgentEnded: boolean | null;
  /** The handoff that was there already, for which nobody had waited and which is not taken now; null when there is none. */
  readonly late: string | null;
  /** The same for the runs that were delegated from within it. */
  readonly children: readonly Cancellation[];
}

/** How long a live driver gets to end its run. */
const DRIVER_ANSWER_MS = 3_000;

/** Ends a run, whoever drives it, with all that was delegated from within it. */
export async function cancelRun(
  runId: string,
  wish: CancelWish,
  tools: RunTools,
): Promise<Result<Cancellation>> {
  const wrong = findRunIdProblem(runId);
  if (wrong !== null) return failure(wrong);
  const paths = runPaths(tools.config.handoffDir, runId);
  const read = readRequest(paths);
  if (!read.ok) return read;
  if (read.value === null) return failure(runUnknown(runId, tools.config.handoffDir));
  const request = read.value;
  const agent = tools.config.agents[request.agent];
  try {
    const before = readState(paths, request, tools.clock.nowMs());
    const late = pathOfLeftHandoff(paths, request, tools.clock.nowMs());
    if (before.phase !== "ended") {
      leaveCancelRequest(paths, {
        schema: "delegate.cancel.v1",
        ...wish,
        at: toIso(tools.clock.nowMs()),
      });
      await endAsDriverOrWait(paths, request, wish, tools);
    }
    const isAgentEnded =
      before.phase === "ended" || agent === undefined ? false : await endAgent(agent, runId, tools);
    const children = await cancelChildren(paths, wish, tools);
    const state = readState(paths, request, tools.clock.nowMs());
    return success({
      runId,
      status: state.phase === "ended" ? state.end.status : null,
      isAgentEnded,
      late,
      children,
    });
  } catch (error) {
    return failure(storageFailure(paths.folder, error));
  }
}

function pathOfLeftHandoff(paths: RunPaths, request: RunRequest, nowMs: number): string | null {
  const { events } = readEvents(paths.events);
  const left = readLeftHandoff({ paths, request, events }, null, nowMs);
  return left === null ? null : `${paths.folder}/${attemptFileName(left.attempt)}`;
}

async function endAgent(agent: Agent, runId: string, tools: RunTools): Promise<boolean | null> {
  return tools.agents.end(agent, runId);
}

async function cancelChildren(
  paths: RunPaths,
  wish: CancelWish,
  tools: RunTools,
): Promise<readonly Cancellation[]> {
  const results = await Promise.all(
    childrenOf(paths).map((child) => cancelRun(child, wish, tools)),
  );
  return results.flatMap((result) => (result.ok ? [result.value] : []));
}

/** A run that nobody drives is ended here; otherwise its driver finds the wish in the folder. */
async function endAsDriverOrWait(
  paths: RunPaths,
  request: RunRequest,
  wish: CancelWish,
  tools: RunTools,
): Promise<void> {
  const { events } = readEvents(paths.events);
  const generation = takeOver(paths, request, events, tools.clock.nowMs());
  if (generation === null) {
    await followRun(paths, request, hasEnded, tools.clock, AbortSignal.timeout(DRIVER_ANSWER_MS));
    return;
  }
  const { clock, sinks, warn } = tools;
  const journal = new Journal({ request, paths, generation, clock, sinks, warn });
  try {
    journal.recordTakingOver();
    const { state } = journal;
    const why = canceled(request, wish.by, wish.reason);
    const ends = state.phase === "ended" ? [] : endRun(state, why, { nowMs: clock.nowMs() });
    for (const happening of ends) journal.record(happening);
    closeQuestionsOf(paths);
  } finally {
    journal.close();
  }
}

function hasEnded({ phase }: RunState): boolean {
  return phase === "ended";
}
