import type { LeaveReason } from "../../events/event.ts";
import type { Failure, FailureCode } from "../../failure.ts";
import { oneLine } from "../../text/one-line.ts";
import { unreachable } from "../../unreachable.ts";
import type { RunSubject } from "./failure-subject.ts";
import { QUOTED_CHARACTERS } from "./failure-subject.ts";
import type { RunState } from "../decide/state.ts";

/* The sentences for a run that is ended, lost or left. */

/** The failure for an id that no run has. */
export function runUnknown(runId: string, handoffDir: string): Failure {
  return {
    code: "run_unknown",
    message: `there is no run ${runId} in ${handoffDir}`,
    hint: "delegate list shows the newest runs; --config names another config, whose runs are elsewhere",
  };
}

export function runConflict({ runId }: Pick<RunSubject, "runId">, differs: string): Failure {
  return {
    code: "run_conflict",
    message: `run ${runId} exists already, with another ${differs}`,
    hint: `choose another --run-id, or see what it is: delegate show ${runId}`,
  };
}

export function canceled(
  { runId }: Pick<RunSubject, "runId">,
  by: string,
  reason: string | null,
): Failure {
  const why = reason === null ? "" : `: ${oneLine(reason, QUOTED_CHARACTERS)}`;
  return {
    code: "canceled",
    message: `run ${runId} was canceled by ${by}${why}`,
    hint: "delegate again if the work is still wanted",
  };
}

export function folderGone({ runId }: Pick<RunSubject, "runId">): Failure {
  return {
    code: "storage_failed",
    message: `the folder of run ${runId} was deleted while the run was on`,
    hint: "don't clean the handoff folder while runs are in flight; delegate again",
  };
}

export function handoffGone({ runId, agent }: Pick<RunSubject, "runId" | "agent">): Failure {
  return {
    code: "storage_failed",
    message: `run ${runId} has ended with a handoff of ${agent}, but neither it nor its copy can be read any more`,
    hint: `look into the run's folder (delegate show ${runId}), or delegate again under another run id`,
  };
}

/** What becomes of a run that a process leaves, whose driver it was or whom it only followed. */
export function left(
  { agent, runId }: Pick<RunSubject, "agent" | "runId">,
  reason: LeaveReason,
  state: RunState | "followed",
): Failure {
  const rest = state === "followed" ? `run ${runId} goes on` : restOf(state, agent, runId);
  return {
    code: leaveCodes[reason],
    message: `${leaveWords[reason]}; ${rest}`,
    hint:
      state !== "followed" && state.phase === "asking"
        ? `delegate questions lists what it asks; answered, it goes on with: delegate wait ${runId}`
        : `get the result with: delegate wait ${runId}`,
  };
}

function restOf(state: RunState, agent: string, runId: string): string {
  switch (state.phase) {
    case "created":
      return `the task is not with ${agent} yet`;
    case "sending":
      return state.isSending
        ? `${agent} may have begun with run ${runId}`
        : `the task is not with ${agent} yet`;
    case "waiting":
      return `${agent} goes on with run ${runId}`;
    case "resting":
      return `run ${runId} rests before attempt ${state.attempt}`;
    case "asking":
      return `${agent} is blocked in run ${runId}, and asks`;
    case "ended":
      return `run ${runId} has ended, and its answer may still come`;
    default:
      return unreachable(state);
  }
}

const leaveCodes = {
  not_waiting: "interrupted",
  interrupted: "interrupted",
  terminated: "terminated",
  wait_over: "still_running",
  aborted: "interrupted",
  asking: "agent_blocked",
} as const satisfies Record<LeaveReason, FailureCode>;

const leaveWords = {
  not_waiting: "not waiting for the outcome",
  interrupted: "interrupted",
  terminated: "terminated",
  wait_over: "the time to wait is over",
  aborted: "stopped waiting",
  asking: "the agent asks",
} as const satisfies Record<LeaveReason, string>;
