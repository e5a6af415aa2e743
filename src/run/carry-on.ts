import type { Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import type { Expectation } from "../handoff/check.ts";
import { compileDataCheck } from "./data-check.ts";
import type { DriveEnd } from "./drive.ts";
import { drive } from "./driver.ts";
import { Journal } from "./stored/journal.ts";
import type { OpenRun, Stay } from "./open-run.ts";
import type { Outcome } from "./outcome.ts";
import { failureOutcome, sentOutcome } from "./outcome.ts";
import { creationOf } from "./stored/request.ts";
import { left } from "./failures/run-failures.ts";
import { storageFailure } from "./stored/run-folder.ts";
import { askedOutcome, endedOutcome } from "./stored/stored-outcome.ts";

/** Drives a run, as its only driver, as far as this process stays with it; the generation says which driver this is. */
export async function carryOn(run: OpenRun, generation: number, stay: Stay): Promise<Outcome> {
  const { request } = run;
  const checked = await compileDataCheck(request.dataSchema);
  if (!checked.ok) return failureOutcome(checked.failure, request);
  const opened = openJournal(run, generation);
  if (!opened.ok) return failureOutcome(opened.failure, request);
  const journal = opened.value;
  if (journal.isEmpty) journal.record(creationOf(request));
  if (generation > 1) journal.recordTakingOver();
  const { runId, agent, validation } = request;
  const expectation = { runId, agent, validation, checkData: checked.value };
  try {
    return await outcomeOf(await driveIn(run, journal, expectation, stay), run, journal);
  } finally {
    journal.close();
  }
}

function driveIn(
  { agent, tools, draft, askForeman }: OpenRun,
  journal: Journal,
  expectation: Expectation,
  { goal, staysForLate, signal }: Stay,
): Promise<DriveEnd> {
  const until = goal === "outcome" ? "ended" : "admitted";
  return drive({
    journal,
    agent,
    expectation,
    tools,
    until,
    staysForLate,
    draft,
    askForeman,
    signal,
  });
}

async function outcomeOf(end: DriveEnd, run: OpenRun, journal: Journal): Promise<Outcome> {
  const { state } = journal;
  if (state.phase === "ended") return endedOutcome(run, state.end, journal.handoff);
  if (end.kind === "ended" || end.reason === "not_waiting") return sentOutcome(run.request);
  if (end.reason === "asking")
    return askedOutcome(run, state, run.tools.clock.nowMs(), journal.handoff);
  return failureOutcome(left(run.request, end.reason, state), run.request);
}

function openJournal({ request, paths, tools }: OpenRun, generation: number): Result<Journal> {
  const { clock, sinks, warn } = tools;
  try {
    return success(new Journal({ request, paths, generation, clock, sinks, warn }));
  } catch (error) {
    return failure(storageFailure(paths.events, error));
  }
}
