import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/events/event.ts";
import { LogSink } from "../../src/events/log-sink.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

function eventAt(at: string, seq: number): RunEvent {
  return { seq, at, runId: "r", type: "attempt_started", attempt: 1 };
}

function seqsIn(path: string): readonly number[] {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const { seq }: RunEvent = JSON.parse(line);
    return seq;
  });
}

test("what happens at once is written in its order, each day to its own file", async () => {
  const folder = `${temporaryFolder()}/logs`;
  const warnings: string[] = [];
  const sink = new LogSink(folder, (message) => warnings.push(message));
  sink.record(eventAt("2026-11-21T23:59:59.998Z", 1));
  sink.record(eventAt("2026-11-21T23:59:59.999Z", 2));
  sink.record(eventAt("2026-11-22T00:00:00.000Z", 3));
  await turn();
  expect(seqsIn(`${folder}/2026-11-21.jsonl`)).toEqual([1, 2]);
  expect(seqsIn(`${folder}/2026-11-22.jsonl`)).toEqual([3]);
  sink.record(eventAt("2026-11-22T00:00:01.000Z", 4));
  sink.flush();
  expect(seqsIn(`${folder}/2026-11-22.jsonl`)).toEqual([3, 4]);
  await turn();
  expect(seqsIn(`${folder}/2026-11-22.jsonl`)).toEqual([3, 4]);
  expect(warnings).toEqual([]);
});

test("a log that can't be written is told of once", async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/logs`, "");
  const warnings: string[] = [];
  const sink = new LogSink(`${folder}/logs`, (message) => warnings.push(message));
  for (const seq of [1, 2]) {
    sink.record(eventAt("2026-11-21T12:00:00.000Z", seq));
    await turn();
  }
  expect(warnings).toEqual([expect.stringContaining("logs can't be written: ")]);
  expect(readdirSync(folder)).toEqual(["logs"]);
});
