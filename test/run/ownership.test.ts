import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { RunPaths } from "../../src/handoff/paths.ts";
import { runPaths } from "../../src/handoff/paths.ts";
import { readEvents } from "../../src/run/stored/history.ts";
import { claimGeneration, takeOver } from "../../src/run/stored/ownership.ts";
import { createRun } from "../../src/run/stored/run-folder.ts";
import { until } from "../rig/until.ts";
import { sampleRequest } from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

/** Its creator is a process that is gone: no system gives out such a pid. */
const request = {
  ...sampleRequest,
  parentRunId: null,
  createdBy: { pid: 2 ** 22 + 1, host: hostname(), startTicks: "1" },
};

let paths: RunPaths;

beforeEach(() => {
  paths = runPaths(temporaryFolder(), "r1");
  createRun(paths, request);
});

/** Without what a process that was killed in the middle of writing one has left aside. */
function driverFiles(): readonly string[] {
  return readdirSync(paths.folder).filter((name) => /^driver-\d+\.json$/.test(name));
}

function turnsTaken(): readonly number[] {
  return readEvents(paths.events).events.flatMap((event) =>
    event.type === "driver_took_over" ? [event.generation] : [],
  );
}

function tookOver(generation: number): string {
  const event = { seq: 1, at: "2026-11-21T12:00:00.000Z", runId: "r1" };
  return `${JSON.stringify({ ...event, type: "driver_took_over", generation })}\n`;
}

describe("a generation is had once", () => {
  test("also by one who was too slow, after the file of that turn is gone", () => {
    writeFileSync(join(paths.folder, "driver-5.json"), "{}");
    expect(claimGeneration(paths, 4)).toBe(false);
    expect(driverFiles()).toEqual(["driver-5.json"]);
  });

  test("also when only the events tell of a later one", () => {
    writeFileSync(paths.events, tookOver(5));
    expect(claimGeneration(paths, 4)).toBe(false);
    expect(driverFiles()).toEqual([]);
    expect(takeOver(paths, request, readEvents(paths.events).events, 0)).toBe(6);
  });
});

/** A process that takes the run over again and again. */
function takeTurns(turns: number) {
  const program = new URL("fixtures/take-turns.ts", import.meta.url).pathname;
  const words = [program, join(paths.folder, ".."), "r1", String(turns)];
  return spawn(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] });
}

test("many processes that take a run over again and again, some killed: one at a time, and one file is left", async () => {
  const turns = 150;
  const takers = Array.from({ length: 5 }, () => takeTurns(turns));
  const ends = takers.map((taker) => once(taker, "exit"));
  for (const [index, taker] of takers.slice(0, 2).entries()) {
    await until(() => turnsTaken().length > 40 * (index + 1), "some turns");
    taker.kill("SIGKILL");
  }
  const codes = (await Promise.all(ends)).map(([code]) => code);
  expect(codes.slice(2)).toEqual([0, 0, 0]);
  const generations = turnsTaken();
  expect(generations.length).toBeGreaterThanOrEqual(turns);
  expect(new Set(generations).size).toBe(generations.length);
  const seqs = readEvents(paths.events).events.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(driverFiles()).toEqual([`driver-${Math.max(...generations)}.json`]);
});
