import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { admitted } from "../run/happenings.ts";
import type { RunEvent } from "../../src/events/event.ts";
import { AgentNames } from "../../src/follow/agent-names.ts";
import { Attendance } from "../../src/follow/attendance.ts";
import { readNewcomers } from "../../src/follow/newcomers.ts";
import { PlainView } from "../../src/follow/plain-view.ts";
import type { Attended, RunLife } from "../../src/follow/attendance.ts";
import { RunWatch } from "../../src/follow/run-watch.ts";
import { stateLabel } from "../../src/follow/screen.ts";
import type { StoredEvent } from "../../src/follow/stored-event.ts";
import { Tail } from "../../src/follow/tail.ts";
import { complete, created, eventAt, lineOf, noonMs } from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const never = new AbortController().signal;

/** A watch over event files in a folder, with a clock that moves when told to. */
function watchIn(folder: string) {
  const lines: string[] = [];
  const troubles: string[] = [];
  const life = { now: "driven" as RunLife, isHandedOver: false };
  const view = new PlainView((line) => lines.push(line));
  let nowMs = noonMs;
  const watch = new RunWatch({
    open: (runId) => new Tail(`${folder}/${runId}.jsonl`),
    looksAt: () => ({ lifeOf: () => life.now, isHandedOver: () => life.isHandedOver }),
    nowMs: () => nowMs,
    onRow: (row, atMs) => view.onRow(row, atMs),
    onTrouble: ({ message }) => troubles.push(message),
  });
  onTestFinished(() => watch.close());
  const read = async (): Promise<readonly string[]> => {
    const ended = await watch.read(never);
    view.show(watch.rows, ended);
    return ended.map(({ runId }) => runId);
  };
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  const write = (text: string, runId = "r1"): void =>
    appendFileSync(`${folder}/${runId}.jsonl`, text);
  return { watch, lines, troubles, life, read, pass, write };
}

const r1 = { runId: "r1", agent: "coder", createdAtMs: noonMs };

describe("watching runs", () => {
  test("a run that can't be read is told of, and watched no longer", async () => {
    const folder = temporaryFolder();
    const { watch, lines, troubles, read } = watchIn(folder);
    mkdirSync(`${folder}/r1.jsonl`);
    watch.add(r1, false);
    expect(await read()).toEqual(["r1"]);
    expect(await read()).toEqual([]);
    expect(troubles).toEqual([`${folder}/r1.jsonl can't be used: it is not a regular file`]);
    expect(lines).toEqual([expect.stringMatching(/ r1 coder: storage_failed 0s: .*regular file$/)]);
  });

  test("tells how a run stands that is under way already, then each change of its state", async () => {
    const { watch, lines, read, write } = watchIn(temporaryFolder());
    write(
      lineOf(1, created) + lineOf(2, { type: "attempt_started", attempt: 1 }) + lineOf(3, admitted),
    );
    watch.add(r1, false);
    watch.add(r1, true);
    expect(await read()).toEqual([]);
    const flood = Array.from({ length: 5_000 }, (_, index) =>
      lineOf(
        4 + index,
        { type: "agent_working", attempt: 1, text: `file ${index}`, percent: null },
        "r1",
        5,
      ),
    );
    write(flood.join(""));
    await read();
    write("not an event\n" + lineOf(6_000, complete, "r1", 9));
    expect(await read()).toEqual(["r1"]);
    expect(lines).toEqual([
      "2026-11-21T12:00:00.000Z r1 coder: waiting 1/2 0s",
      "2026-11-21T12:00:05.000Z r1 coder: working 1/2 4s: file 0",
      "2026-11-21T12:00:09.000Z r1 coder: complete 1/2 8s: file 4999",
    ]);
    expect(watch.rows).toEqual([]);
  });

  test("tells everything of a run that has just begun", async () => {
    const { watch, lines, read, write } = watchIn(temporaryFolder());
    watch.add(r1, true);
    await read();
    write(
      lineOf(1, created) + lineOf(2, { type: "attempt_started", attempt: 1 }) + lineOf(3, admitted),
    );
    await read();
    expect(lines).toEqual([
      "2026-11-21T12:00:02.000Z r1 coder: sending 1/2 1s",
      "2026-11-21T12:00:03.000Z r1 coder: waiting 1/2 2s",
    ]);
  });

  test("shows the oldest first, whatever order they came in", () => {
    const { watch } = watchIn(temporaryFolder());
    watch.add({ ...r1, runId: "b", createdAtMs: 2 }, false);
    watch.add({ ...r1, runId: "a", createdAtMs: 1 }, false);
    expect(watch.rows.map(({ runId }) => runId)).toEqual(["a", "b"]);
  });

  test("says that nobody drives a run any more, and that somebody does again", async () => {
    const { watch, lines, life, read, pass, write } = watchIn(temporaryFolder());
    write(lineOf(1, created) + lineOf(2, admitted));
    watch.add(r1, false);
    await read();
    life.now = "undriven";
    pass(1_000);
    await read();
    life.isHandedOver = true;
    pass(1_000);
    await read();
    life.now = "driven";
    write(lineOf(3, { type: "driver_took_over", generation: 2 }));
    await read();
    const states = lines.map((line) => line.split(" ")[3]);
    expect(states).toEqual(["waiting", "left", "handed_over", "waiting"]);
    expect(lines[1]).toContain("nobody waits for it: delegate wait r1");
    expect(lines[2]).toContain("delegate wait r1 takes it");
  });

  test("ends a run whose folder was deleted", async () => {
    const { watch, lines, life, read, pass } = watchIn(temporaryFolder());
    watch.add(r1, false);
    life.now = "gone";
    expect(await read()).toEqual([]);
    pass(1_000);
    expect(await read()).toEqual(["r1"]);
    expect(lines.at(-1)).toContain("gone 1s: its folder was deleted");
  });

  test("lets other runs be seen while one has a great deal to tell", async () => {
    const { watch, read, write } = watchIn(temporaryFolder());
    const line = lineOf(2, {
      type: "agent_working",
      attempt: 1,
      text: "x".repeat(1_000),
      percent: null,
    });
    write(line.repeat(6_000));
    write(lineOf(1, created, "r2") + lineOf(2, admitted, "r2"), "r2");
    watch.add(r1, false);
    watch.add({ ...r1, runId: "r2" }, false);
    await read();
    expect(watch.isBehind).toBe(true);
    expect(watch.rows.map(stateLabel)).toContain("waiting");
    await read();
    expect(watch.isBehind).toBe(false);
  });

  test("stops in the middle when it is told to", async () => {
    const { watch, write } = watchIn(temporaryFolder());
    write(lineOf(1, created));
    watch.add(r1, false);
    expect(await watch.read(AbortSignal.abort())).toEqual([]);
    expect(watch.rows).toHaveLength(1);
  });
});

test("who comes is read out of a log that says much else", () => {
  const path = `${temporaryFolder()}/2026-11-21.jsonl`;
  const lines = [
    lineOf(1, created, "a"),
    lineOf(
      2,
      { type: "agent_working", attempt: 1, text: '"type":"run_created"', percent: null },
      "b",
    ),
    lineOf(3, { type: "driver_took_over", generation: 2 }, "c"),
    '{"type":"run_created"}\n',
  ];
  writeFileSync(path, lines.join(""));
  const log = new Tail(path);
  onTestFinished(() => log.close());
  expect(readNewcomers(log)).toEqual([
    { runId: "a", isNew: true },
    { runId: "c", isNew: false },
  ]);
});

test("a run is undriven once its driver says so or is dead, and driven by who takes over", () => {
  const life = { now: "driven" as RunLife, isHandedOver: false };
  let nowMs = 0;
  const looks = { lifeOf: () => life.now, isHandedOver: () => life.isHandedOver };
  const attendance = new Attendance(looks, () => nowMs);
  const note = (event: RunEvent): Attended => {
    attendance.note(event);
    return attendance.now;
  };
  expect(attendance.now).toBe("driven");
  expect(note(eventAt(1, { type: "driver_left", generation: 1, reason: "not_waiting" }))).toBe(
    "undriven",
  );
  expect(note(eventAt(2, { type: "driver_took_over", generation: 2 }))).toBe("driven");
  life.now = "undriven";
  expect(attendance.now).toBe("driven");
  nowMs += 1_000;
  expect(attendance.now).toBe("undriven");
  life.isHandedOver = true;
  expect(attendance.now).toBe("undriven");
  nowMs += 1_000;
  expect(attendance.now).toBe("handed_over");
  expect(note(eventAt(3, { type: "driver_took_over", generation: 3 }))).toBe("driven");
  life.isHandedOver = false;
  life.now = "gone";
  nowMs += 1_000;
  expect(attendance.now).toBe("driven");
  nowMs += 1_000;
  expect(attendance.now).toBe("gone");
});

function stored(runId: string, event: RunEvent | null): StoredEvent {
  return { line: "", seq: 1, at: "", runId, event };
}

test("agents' names are looked up once a run, and not kept without end", () => {
  const asked: string[] = [];
  const names = new AgentNames((runId) => {
    asked.push(runId);
    return runId === "gone" ? null : "coder";
  });
  expect(names.nameFor(stored("r1", eventAt(1, { ...created, agent: "lead" })))).toBe("lead");
  expect(names.nameFor(stored("r1", null))).toBe("lead");
  expect(names.nameFor(stored("gone", null))).toBeNull();
  expect(names.nameFor(stored("gone", null))).toBeNull();
  expect(asked).toEqual(["gone"]);
  for (let index = 0; index < 2_000; index += 1) names.nameFor(stored(`x${index}`, null));
  expect(names.nameFor(stored("r1", null))).toBe("coder");
});
