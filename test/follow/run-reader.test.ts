import { admitted } from "../run/happenings.ts";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { RunReader } from "../../src/follow/run-reader.ts";
import { sampleRequest, START } from "../run/samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const working = { type: "agent_working", attempt: 1, text: "half", percent: 50 } as const;

function event(seq: number, happening: RunHappening, atMs = START + 1_000 * seq): RunEvent {
  return { seq, at: new Date(atMs).toISOString(), runId: "r1", ...happening };
}

/** A run on disk whose events the test writes. */
function storedRun(nowMs = START + 60_000) {
  const handoffDir = temporaryFolder();
  const folder = `${handoffDir}/r1`;
  mkdirSync(folder);
  writeFileSync(`${folder}/request.json`, JSON.stringify(sampleRequest));
  const reader = RunReader.open(handoffDir, "r1", () => nowMs);
  if (reader === null) throw new Error("the run is not there");
  const append = (one: RunEvent): void =>
    appendFileSync(`${folder}/events.jsonl`, `${JSON.stringify(one)}\n`);
  return { reader, append };
}

test("there is nothing to read of a run that is not there, or can't be read", () => {
  const handoffDir = temporaryFolder();
  mkdirSync(`${handoffDir}/garbled`);
  writeFileSync(`${handoffDir}/garbled/request.json`, "{");
  for (const runId of ["nothing", "garbled", "../x"])
    expect(RunReader.open(handoffDir, runId, () => START)).toBeNull();
});

test("the state grows with the file, whoever writes it", () => {
  const { reader, append } = storedRun();
  expect(reader.read()).toMatchObject({ phase: "created", createdAtMs: START });
  append(event(1, admitted));
  expect(reader.read()).toMatchObject({ phase: "waiting", admittedAtMs: START + 1_000 });
  expect(reader.work).toBeNull();
  append(event(2, working));
  expect(reader.read()).toMatchObject({ signAtMs: START + 2_000, lastWords: "half" });
  expect(reader.work).toMatchObject(working);
  reader.close();
});

test("an event that is told and written as well counts once, behind those that were written before", () => {
  const { reader, append } = storedRun();
  append(event(1, { type: "attempt_started", attempt: 1 }));
  append(event(2, admitted));
  expect(reader.note(event(3, working))).toMatchObject({ phase: "waiting", attempt: 1 });
  append(event(3, { ...working, text: "written" }));
  expect(reader.read()).toMatchObject({ lastWords: "half" });
  reader.close();
});

test("an event that no disk keeps is known all the same", () => {
  const { reader } = storedRun();
  expect(reader.note(event(1, admitted))).toMatchObject({ phase: "waiting" });
  reader.close();
});

test("nothing has happened later than now, though the clock was ahead when it was written", () => {
  const nowMs = START + 500;
  const { reader, append } = storedRun(nowMs);
  append(event(1, admitted, START + 86_400_000));
  expect(reader.read()).toMatchObject({ admittedAtMs: nowMs });
  reader.close();
});
