import { existsSync } from "node:fs";
import type { RunEvent } from "../events/event.ts";
import { failureKinds } from "../failure.ts";
import type { Handoff } from "../handoff/document.ts";
import type { RunPaths } from "../handoff/paths.ts";
import { attemptFileName } from "../handoff/paths.ts";
import { readEvents, replay } from "./history.ts";
import type { Outcome } from "./outcome.ts";
import { buildOutcome, failureOutcome } from "./outcome.ts";
import type { RunRequest } from "./request.ts";
import { asks } from "./failures/question-failures.ts";
import { readQuestion } from "./questions/question-files.ts";
import { handoffGone } from "./failures/run-failures.ts";
import type { RunEnd, RunState } from "./decide/state.ts";
import { attemptsBegun, openQuestionsOf } from "./decide/state.ts";

/** A run on disk. */
export interface StoredRun {
  readonly request: RunRequest;
  readonly paths: RunPaths;
}

/** Whether a run that has ended may still get its answer. */
export function mayStillCome(end: RunEnd): boolean {
  return end.failure !== null && failureKinds[end.failure.code].mayStillCome;
}

/** The outcome of a run that has ended; `known` is its handoff when this process accepted it: then nothing is read. */
export async function endedOutcome(
  { request, paths }: StoredRun,
  end: RunEnd,
  known: Handoff | null = null,
): Promise<Outcome> {
  const { status, failure: reason, attempts, latencyMs } = end;
  // With what it asked earlier the agent has not handed the work over.
  const own = known?.status === status ? known : null;
  const events = own === null ? readEvents(paths.events).events : [];
  const accepted = own ?? (await readAccepted(request, paths, events));
  const handoff = accepted?.status === status ? accepted : null;
  if (handoff === null && reason === null) return failureOutcome(handoffGone(request), request);
  const { lastWords } = replay(request, events);
  const late = status === "canceled" ? findLateFile(paths, attempts) : null;
  const outcome = buildOutcome({
    names: request,
    status,
    handoff,
    attempts,
    latencyMs,
    lastWords,
    failure: reason,
  });
  return late === null ? outcome : { ...outcome, late };
}

/** The outcome for a process that leaves a run whose agent asks; the run goes on as soon as there are answers. */
export async function askedOutcome(
  { request, paths }: StoredRun,
  state: RunState,
  nowMs: number,
  known: Handoff | null,
): Promise<Outcome> {
  const { events } = readEvents(paths.events);
  const open = openQuestionsOf(state).map(({ id, text }) => {
    const { options = [], allowsFreeText = true } = readQuestion(paths, id) ?? {};
    return { id, text, options, allowsFreeText };
  });
  const outcome = buildOutcome({
    names: request,
    status: "blocked",
    handoff: known ?? (await readAccepted(request, paths, events)),
    attempts: attemptsBegun(state),
    latencyMs: Math.max(0, Math.round(nowMs - state.createdAtMs)),
    lastWords: state.lastWords,
    failure: asks(request, open),
  });
  const questions = open.map(({ id, text, options }) =>
    options.length === 0 ? { id, text } : { id, text, options },
  );
  return { ...outcome, questions };
}

/** What the agent of a canceled run wrote all the same. */
function findLateFile({ folder }: RunPaths, attempts: number): string | null {
  const names = Array.from({ length: attempts }, (_, index) => attemptFileName(attempts - index));
  return names.map((name) => `${folder}/${name}`).find((path) => existsSync(path)) ?? null;
}

/** The handoff with which a run ended, or null. Our copy is missing when the disk was full; then the agent's own file is there. */
async function readAccepted(
  request: RunRequest,
  paths: RunPaths,
  events: readonly RunEvent[],
): Promise<Handoff | null> {
  const accepted = events.findLast((event) => event.type === "handoff_accepted");
  if (accepted === undefined) return null;
  const { readHandoffAgain } = await import("../handoff/read-again.ts");
  const agentsOwn = `${paths.folder}/${attemptFileName(accepted.attempt)}`;
  return readHandoffAgain(paths.handoff, request) ?? readHandoffAgain(agentsOwn, request);
}
