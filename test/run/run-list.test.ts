import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { toIso } from "../../src/clock.ts";
import type { RunHappening } from "../../src/events/event.ts";
import type { RunPaths } from "../../src/handoff/paths.ts";
import { runPaths } from "../../src/handoff/paths.ts";
import { recordFrom } from "../../src/run/stored/history.ts";
import { pruneRuns } from "../../src/run/stored/prune.ts";
import { createRun, readRequest } from "../../src/run/stored/run-folder.ts";
import { listRuns } from "../../src/run/stored/run-list.ts";
import { sampleRequest, START } from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const request = {
  ...sampleRequest,
  parentRunId: null,
  workflowRunId: null,
  createdAt: toIso(START),
};

const anyRun = { status: null, agent: null, caller: null, limit: 20 };

let handoffDir: string;
let paths: RunPaths;

beforeEach(() => {
  handoffDir = temporaryFolder();
  paths = runPaths(handoffDir, "r1");
  createRun(paths, request);
});

function writeEvents(...happenings: readonly RunHappening[]): void {
  const lines = happenings.map((happening, index) =>
    JSON.stringify({ seq: index + 1, at: toIso(START), runId: "r1", ...happening }),
  );
  writeFileSync(paths.events, `${lines.join("\n")}\n`);
}

const ended: RunHappening = {
  type: "run_ended",
  status: "canceled",
  code: "canceled",
  attempts: 1,
  latencyMs: 7,
  failure: { code: "canceled", message: "canceled", hint: "delegate again" },
};

describe("a run whose record stayed behind its events, as on a full disk", () => {
  beforeEach(() => {
    writeFileSync(paths.record, JSON.stringify({ ...recordFrom(request, []), phase: "waiting" }));
  });

  test("is listed as its events say", () => {
    writeEvents(ended);
    expect(listRuns(handoffDir, anyRun)).toMatchObject([{ runId: "r1", status: "canceled" }]);
    expect(listRuns(handoffDir, { ...anyRun, status: "running" })).toEqual([]);
  });

  test("is removed when it ended long ago", () => {
    writeEvents(ended);
    const rules = { endedBeforeMs: START + 1, isDryRun: false, liveWorkflows: new Set<string>() };
    expect(pruneRuns(handoffDir, rules)).toEqual({ removed: ["r1"], kept: 0, trouble: null });
    expect(readdirSync(handoffDir)).not.toContainEqual(expect.stringContaining("r1"));
  });

  test("is listed as its record says when its events are gone", () => {
    rmSync(paths.events, { force: true });
    expect(listRuns(handoffDir, anyRun)).toMatchObject([{ runId: "r1", phase: "waiting" }]);
  });
});

test("a run whose events can't be read is told of, does not hide the others, and is not removed", () => {
  createRun(runPaths(handoffDir, "r2"), { ...request, runId: "r2" });
  rmSync(paths.events, { force: true });
  mkdirSync(paths.events);
  const troubles: string[] = [];
  const runs = listRuns(handoffDir, anyRun, ({ message }) => troubles.push(message));
  expect(runs.map(({ runId }) => runId)).toEqual(["r2"]);
  expect(troubles).toEqual([expect.stringContaining(`${paths.events} can't be used`)]);
  const rules = { endedBeforeMs: START + 1, isDryRun: false, liveWorkflows: new Set<string>() };
  expect(pruneRuns(handoffDir, rules).removed).toEqual([]);
});

test("what a removal has left that was cut short goes with the next", () => {
  mkdirSync(`${handoffDir}/.going-r0/children`, { recursive: true });
  const rules = { endedBeforeMs: START, liveWorkflows: new Set<string>() };
  pruneRuns(handoffDir, { ...rules, isDryRun: true });
  expect(readdirSync(handoffDir)).toContain(".going-r0");
  expect(pruneRuns(handoffDir, { ...rules, isDryRun: false })).toMatchObject({ removed: [] });
  expect(readdirSync(handoffDir)).not.toContain(".going-r0");
});

test("a run whose request can't be read is there all the same, unlike one that nobody made", () => {
  expect(readRequest(runPaths(handoffDir, "r2"))).toEqual({ ok: true, value: null });
  rmSync(paths.request);
  symlinkSync(paths.request, paths.request);
  expect(readRequest(paths)).toMatchObject({ ok: false, failure: { code: "storage_failed" } });
});
