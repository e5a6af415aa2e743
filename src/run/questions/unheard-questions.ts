import type { Clock } from "../../clock.ts";
import { codeOf } from "../../thrown.ts";
import type { LeaveReason, RunEvent } from "../../events/event.ts";
import { runPaths } from "../../handoff/paths.ts";
import { compileDataCheck } from "../data-check.ts";
import { mayAsk } from "../decide/decide-question.ts";
import { readEvents } from "../stored/history.ts";
import { readLeftHandoff } from "../stored/left-handoff.ts";
import type { LeftHandoff, RunWithEvents } from "../stored/left-handoff.ts";
import { readRequest } from "../stored/run-folder.ts";
import { listRuns } from "../stored/run-list.ts";
import { openBlockedQuestions } from "./blocked-questions.ts";

/** Among so many of the newest runs those are looked for that were left. */
const NEWEST_RUNS = 100;

/**
 * Opens what agents have asked by a blocked handoff in runs that nobody waits for, so that it can be answered before
 * somebody does: whoever waits later finds these questions, and goes on with the answers.
 */
export async function openUnheardQuestions(handoffDir: string, clock: Clock): Promise<void> {
  const filter = { status: null, agent: null, caller: null, limit: NEWEST_RUNS };
  for (const { runId, phase } of listRuns(handoffDir, filter)) {
    if (phase !== "waiting") continue;
    const paths = runPaths(handoffDir, runId);
    const request = readRequest(paths);
    if (!request.ok || request.value === null) continue;
    const { events } = readEvents(paths.events);
    await openIn({ paths, request: request.value, events }, clock.nowMs());
  }
}

async function openIn(run: RunWithEvents, nowMs: number): Promise<void> {
  if (!wasLeft(run.events)) return;
  const left = await readChecked(run, nowMs);
  if (left?.handoff.status !== "blocked" || !mayAsk(left.state, left.attempt)) return;
  const { paths, request } = run;
  try {
    openBlockedQuestions({ paths, agent: request.agent, ...left }, nowMs);
  } catch (error) {
    // A disk that is full or read-only: then they are opened by whoever waits for the run.
    if (codeOf(error) === null) throw error;
  }
}

/** Runs of programs, flows and foremen are left as `aborted`: these may not ask people, or are taken up again soon. */
const leavesForPeople: ReadonlySet<LeaveReason> = new Set([
  "not_waiting",
  "interrupted",
  "terminated",
  "wait_over",
]);

function wasLeft(events: readonly RunEvent[]): boolean {
  const last = events.findLast(({ type }) => type === "driver_left" || type === "driver_took_over");
  return last?.type === "driver_left" && leavesForPeople.has(last.reason);
}

/** The caller's schema takes time to be made ready, and few runs have something to be held against it. */
async function readChecked(run: RunWithEvents, nowMs: number): Promise<LeftHandoff | null> {
  const { dataSchema } = run.request;
  const left = readLeftHandoff(run, null, nowMs);
  if (left === null || dataSchema === null) return left;
  const checked = await compileDataCheck(dataSchema);
  return checked.ok ? readLeftHandoff(run, checked.value, nowMs) : null;
}
