import type { RunPaths } from "../handoff/paths.ts";
import { existsSync, readFileSync } from "node:fs";
import { toIso } from "../clock.ts";
import type { RunEvent } from "../events/event.ts";
import type { EventLines } from "./event-lines.ts";
import { parseEvents } from "./event-lines.ts";
import type { RunRecord } from "./record.ts";
import { projectRecord } from "./record.ts";
import type { RunRequest } from "./request.ts";
import { applyHappening } from "./decide/apply-happening.ts";
import { newRunState } from "./decide/state.ts";
import type { RunState } from "./decide/state.ts";

/**
 * The state that follows from all that has happened. Nothing can have happened later than now: an instant that says so
 * was taken from a clock that has been set back since, and would have the run waited for until then.
 */
export function replay(
  request: RunRequest,
  events: readonly RunEvent[],
  nowMs = Number.POSITIVE_INFINITY,
): RunState {
  return events.reduce(
    (state, event) => {
      const aheadMs = Math.max(0, Date.parse(event.at) - nowMs);
      return applyHappening(state, earlier(event, aheadMs), Date.parse(event.at) - aheadMs);
    },
    newRunState(Math.min(Date.parse(request.createdAt), nowMs)),
  );
}

/** The same with the instant that it names itself moved as well. */
function earlier(event: RunEvent, byMs: number): RunEvent {
  return event.type === "retry_scheduled" && byMs > 0
    ? { ...event, dueAt: toIso(Date.parse(event.dueAt) - byMs) }
    : event;
}

/** The events of a run, none when there is no file yet. */
export function readEvents(path: string): EventLines {
  return existsSync(path) ? parseEvents(readFileSync(path, "utf8")) : { events: [], isTorn: false };
}

/** How a run on disk stands. */
export function readState(paths: RunPaths, request: RunRequest, nowMs?: number): RunState {
  return replay(request, readEvents(paths.events).events, nowMs);
}

/** The record of a run from its events, as it should stand in `run.json`. */
export function recordFrom(request: RunRequest, events: readonly RunEvent[]): RunRecord {
  const lastAt = events.at(-1)?.at ?? request.createdAt;
  return projectRecord(request, replay(request, events), Date.parse(lastAt));
}
