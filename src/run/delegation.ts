import { agentInMode } from "../config/read-only.ts";
import type { Failure } from "../failure.ts";
import { runPaths } from "../handoff/paths.ts";
import { carryOn } from "./carry-on.ts";
import { Draft } from "./draft.ts";
import { readState } from "./history.ts";
import { joinRun } from "./join.ts";
import type { Goal, OpenRun } from "./open-run.ts";
import type { Outcome } from "./outcome.ts";
import { failureOutcome } from "./outcome.ts";
import type { Ask } from "./plan.ts";
import { agentUnknown, cannotOnlyRead, findRunIdProblem } from "./plan.ts";
import type { RunTools } from "./ports.ts";
import { prepare } from "./prepare.ts";
import type { Helper } from "./drive.ts";
import type { RunRequest } from "./request.ts";
import { createRun, readRequest } from "./run-folder.ts";
import { folderGone, runConflict, runUnknown } from "./failures/run-failures.ts";
import { endedOutcome } from "./stored-outcome.ts";

/** One delegation, whole. The same run id again returns the stored outcome, or joins the run in flight. */
export async function delegateTask(
  ask: Ask,
  tools: RunTools,
  goal: Goal,
  signal: AbortSignal | null,
): Promise<Outcome> {
  const opened = await open(ask, tools);
  if ("outcome" in opened) return opened.outcome;
  const stay = { goal, staysForLate: false, signal };
  return opened.isNew ? carryOn(opened.run, 1, stay) : joinRun(opened.run, stay);
}

/** Waits for the outcome of a run that was begun earlier, also by another process that may be dead by now. */
export async function awaitRun(
  runId: string,
  tools: RunTools,
  signal: AbortSignal | null,
  staysForLate: boolean,
): Promise<Outcome> {
  const wrong = findRunIdProblem(runId);
  if (wrong !== null) return failureOutcome(wrong, {});
  const paths = runPaths(tools.config.handoffDir, runId);
  const read = readRequest(paths);
  if (!read.ok) return failureOutcome(read.failure, { runId });
  if (read.value === null)
    return failureOutcome(runUnknown(runId, tools.config.handoffDir), { runId });
  const request = read.value;
  const known = tools.config.agents[request.agent];
  const agent = known === undefined ? null : agentInMode(known, request.mode ?? "write");
  if (agent === null) {
    const state = readState(paths, request);
    const reason =
      known === undefined ? agentUnknown(request.agent, tools.config) : cannotOnlyRead(known);
    return state.phase === "ended"
      ? endedOutcome({ request, paths }, state.end)
      : failureOutcome(reason, request);
  }
  const run = { request, paths, agent, tools, draft: null, askForeman: foremanOf(tools) };
  return joinRun(run, { goal: "outcome", staysForLate, signal });
}

/** A run that is on disk now, or what the caller is to hear instead. */
type Opening = { readonly run: OpenRun; readonly isNew: boolean } | { readonly outcome: Outcome };

/** Not part of what waits: the plan with its message would be kept for as long as that. */
async function open(ask: Ask, tools: RunTools): Promise<Opening> {
  const planned = await prepare(ask, tools);
  const named = { agent: ask.agent, ...(ask.runId === null ? {} : { runId: ask.runId }) };
  if (!planned.ok) return { outcome: failureOutcome(planned.failure, named) };
  const { request, agent, message, body } = planned.value;
  const paths = runPaths(tools.config.handoffDir, request.runId);
  const created = createRun(paths, request);
  if (!created.ok) return { outcome: failureOutcome(created.failure, request) };
  const draft = new Draft({ message, body });
  const run = { request, paths, agent, tools, draft, askForeman: foremanOf(tools) };
  if (created.value === "created") return { run, isNew: true };
  const existing = readRequest(paths);
  if (!existing.ok) return { outcome: failureOutcome(existing.failure, request) };
  if (existing.value === null) return { outcome: failureOutcome(folderGone(request), request) };
  const conflict = findConflict(existing.value, request);
  return conflict === null
    ? { run: { ...run, request: existing.value, draft: null }, isNew: false }
    : { outcome: failureOutcome(conflict, request) };
}

/** A foreman that asks in its turn would have nobody to ask. */
function foremanOf(tools: RunTools): Helper {
  return (ask, leaving) =>
    delegateTask(ask, { ...tools, onQuestion: "refuse" }, "outcome", leaving);
}

function findConflict(existing: RunRequest, asked: RunRequest): Failure | null {
  const differs = (["agent", "task", "mode"] as const).find((key) => existing[key] !== asked[key]);
  return differs === undefined ? null : runConflict(asked, differs);
}
