import { existsSync, readFileSync, rmSync } from "node:fs";
import type { RunEvent } from "../events/event.ts";
import type { RunPaths } from "../handoff/paths.ts";
import { namesIn } from "../system/names-in.ts";
import { createExclusively } from "./create-exclusively.ts";
import { hasFallenSilent } from "./fallen-silent.ts";
import { readEvents, replay } from "./history.ts";
import { isAlive, isHere, thisProcess } from "./process-identity.ts";
import type { ProcessIdentity, RunRequest } from "./request.ts";

/*
 * Who drives a run. Each driver has a generation: the run's creator is the first, and every later one has a file of its
 * own, `driver-<generation>.json`. Only the newest counts, so the files of those before it go once it is in the events.
 */

/**
 * Makes this process the driver of a run whose driver is dead or has left; of several takers exactly one succeeds. The
 * generation, or null.
 */
export function takeOver(
  paths: RunPaths,
  request: RunRequest,
  events: readonly RunEvent[],
  nowMs: number,
): number | null {
  // Looked up once: the next one must be refused if somebody else takes it in the meantime.
  const latest = latestGeneration(paths, events);
  if (isDrivenBy(latest, paths, request, events, nowMs)) return null;
  return claimGeneration(paths, latest + 1) ? latest + 1 : null;
}

/**
 * Takes a generation that nobody has had. One whose turn is long over has no file any more, so a taker that was slow
 * could have it a second time; but then a later one is in the folder or in the events.
 */
export function claimGeneration(paths: RunPaths, generation: number): boolean {
  const path = driverFile(paths, generation);
  if (!createExclusively(path, `${JSON.stringify(thisProcess())}\n`)) return false;
  if (latestGeneration(paths, readEvents(paths.events).events) === generation) return true;
  rmSync(path, { force: true });
  return false;
}

/** Removes the files of the drivers before this one, which must be in the events already. */
export function forgetDriversBefore(paths: RunPaths, generation: number): void {
  for (const earlier of generationsIn(paths))
    if (earlier < generation) rmSync(driverFile(paths, earlier), { force: true });
}

/** Whether somebody is driving the run now, or waits for the late answer of one that has ended. */
export function isDriven(
  paths: RunPaths,
  request: RunRequest,
  events: readonly RunEvent[],
  nowMs: number,
): boolean {
  if (!existsSync(paths.request)) return false;
  return isDrivenBy(latestGeneration(paths, events), paths, request, events, nowMs);
}

function isDrivenBy(
  generation: number,
  paths: RunPaths,
  request: RunRequest,
  events: readonly RunEvent[],
  nowMs: number,
): boolean {
  if (isDone(events, generation)) return false;
  const driver = driverOf(paths, request, generation);
  if (driver === null) return false;
  return isHere(driver)
    ? isAlive(driver)
    : !hasFallenSilent(replay(request, events), request, nowMs);
}

function latestGeneration(paths: RunPaths, events: readonly RunEvent[]): number {
  const told = events.flatMap((event) =>
    event.type === "driver_took_over" ? [event.generation] : [],
  );
  return Math.max(1, ...generationsIn(paths), ...told);
}

function generationsIn({ folder }: RunPaths): readonly number[] {
  return namesIn(folder).flatMap((name) => {
    const generation = /^driver-(\d+)\.json$/.exec(name)?.[1];
    return generation === undefined ? [] : [Number(generation)];
  });
}

/** Null when its file can't be read: then the power failed while it was written. */
function driverOf(
  paths: RunPaths,
  request: RunRequest,
  generation: number,
): ProcessIdentity | null {
  if (generation === 1) return request.createdBy;
  try {
    const text = readFileSync(driverFile(paths, generation), "utf8");
    const identity: ProcessIdentity = JSON.parse(text);
    return identity;
  } catch {
    return null;
  }
}

function driverFile(paths: RunPaths, generation: number): string {
  return `${paths.folder}/driver-${generation}.json`;
}

/** Whether a driver has ended the run or has left it; one that is not in the events yet is just coming. */
function isDone(events: readonly RunEvent[], generation: number): boolean {
  const beginning =
    generation === 1
      ? 0
      : events.findIndex(
          (event) => event.type === "driver_took_over" && event.generation === generation,
        );
  if (beginning === -1) return false;
  return events
    .slice(beginning)
    .some(
      (event) =>
        event.type === "run_ended" ||
        (event.type === "driver_left" && event.generation === generation),
    );
}
