import type { RunEvent } from "../../events/event.ts";
import type { Handoff } from "../../handoff/document.ts";
import { attemptFileName } from "../../handoff/paths.ts";
import { readHandoffFile } from "../../handoff/read.ts";
import { conclude } from "../../handoff/settle.ts";
import type { DataCheck } from "../data-check.ts";
import type { RunState } from "../decide/state.ts";
import { replay } from "./history.ts";
import { isDriven } from "./ownership.ts";
import type { StoredRun } from "./stored-outcome.ts";

/** A run on disk, with what has happened in it. */
export interface RunWithEvents extends StoredRun {
  readonly events: readonly RunEvent[];
}

/** A handoff that is there, in a run that nobody waits for. */
export interface LeftHandoff {
  readonly state: RunState;
  readonly attempt: number;
  readonly handoff: Handoff;
}

/** What an agent has handed over, whole and valid, while no process waits for its run; null when there is no such thing. */
export function readLeftHandoff(
  { paths, request, events }: RunWithEvents,
  checkData: DataCheck | null,
  nowMs: number,
): LeftHandoff | null {
  const state = replay(request, events);
  if (state.phase !== "waiting") return null;
  const { attempt } = state;
  const file = readHandoffFile(`${paths.folder}/${attemptFileName(attempt)}`);
  if (file.kind !== "read" || isDriven(paths, request, events, nowMs)) return null;
  const { runId, agent, validation } = request;
  const reading = conclude(file, { runId, agent, validation, checkData });
  return reading?.kind === "handoff" ? { state, attempt, handoff: reading.handoff } : null;
}
