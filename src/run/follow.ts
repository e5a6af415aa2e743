import { statSync } from "node:fs";
import { pause } from "../system/pause.ts";
import type { Clock } from "../clock.ts";
import type { RunEvent } from "../events/event.ts";
import type { RunPaths } from "../handoff/paths.ts";
import { readEvents, replay } from "./stored/history.ts";
import { isDriven } from "./stored/ownership.ts";
import type { RunRequest } from "./stored/request.ts";
import type { RunState } from "./decide/state.ts";

const LOOK_INTERVAL_MS = 50;
const LIVENESS_INTERVAL_MS = 1_000;

/** Stays with a run that another process drives, until that is enough or it has lost its driver, or the signal fires. */
export async function followRun(
  paths: RunPaths,
  request: RunRequest,
  isEnough: (state: RunState, events: readonly RunEvent[]) => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let seen = "";
  let looks = 0;
  while (!signal.aborted) {
    const mark = markOf(paths.events);
    const isTimeToAsk = looks % Math.round(LIVENESS_INTERVAL_MS / LOOK_INTERVAL_MS) === 0;
    if (mark !== seen || isTimeToAsk) {
      const { events } = readEvents(paths.events);
      if (
        isEnough(replay(request, events), events) ||
        !isDriven(paths, request, events, clock.nowMs())
      )
        return;
    }
    seen = mark;
    looks += 1;
    await pause(LOOK_INTERVAL_MS, signal);
  }
}

function markOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.size}:${stats.mtimeMs}`;
}
