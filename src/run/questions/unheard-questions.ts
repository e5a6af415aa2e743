import type { Clock } from "../../clock.ts";
import { codeOf } from "../../error-code.ts";
import type { LeaveReason, RunEvent } from "../../events/event.ts";
import type { Handoff } from "../../handoff/document.ts";
import { attemptFileName, runPaths } from "../../handoff/paths.ts";
import type { RunPaths } from "../../handoff/paths.ts";
import { readHandoffFile } from "../../handoff/read.ts";
import { conclude } from "../../handoff/settle.ts";
import { compileDataCheck } from "../data-check.ts";
import { mayAsk } from "../decide/decide-question.ts";
import { readEvents, replay } from "../history.ts";
import { isDriven } from "../ownership.ts";
import type { RunRequest } from "../request.ts";
import { readRequest } from "../run-folder.ts";
import { listRuns } from "../run-list.ts";
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
    if (request.ok && request.value !== null) await openIn(paths, request.value, clock.nowMs());
  }
}

async function openIn(paths: RunPaths, request: RunRequest, nowMs: number): Promise<void> {
  const { events } = readEvents(paths.events);
  const state = replay(request, events);
  if (state.phase !== "waiting" || !wasLeft(events)) return;
  const { attempt } = state;
  if (!mayAsk(state, attempt) || isDriven(paths, request, events, nowMs)) return;
  const handoff = await readBlocked(paths, request, attempt);
  if (handoff === null) return;
  try {
    openBlockedQuestions({ paths, attempt, agent: request.agent, handoff }, nowMs);
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

/** The handoff of an attempt if it is whole, valid and blocked. */
async function readBlocked(
  { folder }: RunPaths,
  { runId, agent, validation, dataSchema }: RunRequest,
  attempt: number,
): Promise<Handoff | null> {
  const file = readHandoffFile(`${folder}/${attemptFileName(attempt)}`);
  if (file.kind !== "read") return null;
  const checked = await compileDataCheck(dataSchema);
  if (!checked.ok) return null;
  const reading = conclude(file, { runId, agent, validation, checkData: checked.value });
  return reading?.kind === "handoff" && reading.handoff.status === "blocked"
    ? reading.handoff
    : null;
}
