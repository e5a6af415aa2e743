import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { DayTails } from "../../src/follow/days.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

/** The daily logs of a folder, and a clock that moves only when it is told to. */
function daysIn(folder: string, firstDay: string, from: "start" | "end" = "start") {
  let nowMs = Date.parse("2026-11-21T23:59:58.000Z");
  const days = new DayTails({ folder, firstDay, from, nowMs: () => nowMs });
  onTestFinished(() => days.close());
  return {
    days,
    pass: (ms: number): void => {
      nowMs += ms;
    },
    drain: (): readonly string[] => {
      const all: string[] = [];
      for (let lines = days.read(); lines !== null; lines = days.read()) all.push(...lines);
      return all;
    },
    write: (day: string, line: string): void =>
      appendFileSync(`${folder}/${day}.jsonl`, `${line}\n`),
  };
}

describe("the daily logs", () => {
  test("are read day after day, from the first that is wanted", () => {
    const folder = temporaryFolder();
    const { write, drain } = daysIn(folder, "2026-11-19");
    for (const day of ["2026-11-21", "2026-11-18", "2026-11-20", "2026-11-19"])
      write(day, `{"day":"${day}"}`);
    writeFileSync(`${folder}/README.md`, "not a log\n");
    expect(drain()).toEqual(
      ["2026-11-19", "2026-11-20", "2026-11-21"].map((day) => `{"day":"${day}"}`),
    );
  });

  test("are followed across midnight, also what is late for the old day", () => {
    const { write, drain, pass } = daysIn(temporaryFolder(), "2026-11-21");
    write("2026-11-21", '{"a":1}');
    expect(drain()).toEqual(['{"a":1}']);
    pass(2_000);
    write("2026-11-22", '{"a":3}');
    write("2026-11-21", '{"a":2}');
    expect(drain()).toEqual(['{"a":2}', '{"a":3}']);
    write("2026-11-21", '{"a":4}');
    write("2026-11-22", '{"a":5}');
    expect(drain()).toEqual(['{"a":4}', '{"a":5}']);
  });

  test("may have a day that is far ahead: whoever writes has another clock, or days were empty", () => {
    const { write, drain, pass } = daysIn(temporaryFolder(), "2026-11-21");
    expect(drain()).toEqual([]);
    pass(600);
    write("2026-11-29", '{"a":1}');
    expect(drain()).toEqual(['{"a":1}']);
  });

  test("go on day after day where a clock that was wrong once has left one that is far ahead", () => {
    const { write, drain, pass } = daysIn(temporaryFolder(), "2026-11-21");
    write("2026-11-21", '{"a":1}');
    write("2100-01-01", '{"a":2}');
    expect(drain()).toEqual(['{"a":1}', '{"a":2}']);
    for (let day = 22; day < 30; day += 1) {
      pass(86_400_000);
      write(`2026-11-${day}`, '{"a":3}');
      expect(drain()).toEqual(['{"a":3}']);
      write(`2026-11-${day - 1}`, '{"a":4}');
      write(`2026-11-${day}`, '{"a":5}');
      expect([...drain()].sort()).toEqual(['{"a":4}', '{"a":5}']);
    }
  });

  test("are waited for where there are none, and not looked for all the time", () => {
    const folder = `${temporaryFolder()}/logs`;
    const { days, write, drain, pass } = daysIn(folder, "2026-11-21");
    expect(drain()).toEqual([]);
    mkdirSync(folder);
    write("2026-11-21", '{"a":1}');
    pass(100);
    expect(drain()).toEqual([]);
    pass(400);
    expect(drain()).toEqual(['{"a":1}']);
    expect(days.trouble).toBeNull();
  });

  test("survive the deletion of the file that is followed, and of their folder", () => {
    const folder = `${temporaryFolder()}/logs`;
    mkdirSync(folder);
    const { write, drain } = daysIn(folder, "2026-11-21");
    write("2026-11-21", '{"a":1}');
    drain();
    rmSync(folder, { recursive: true });
    expect(drain()).toEqual([]);
    mkdirSync(folder);
    write("2026-11-21", '{"a":2}');
    expect(drain()).toEqual(['{"a":2}']);
  });

  test("can be read from now on: all of a new day, nothing old of today", () => {
    const folder = temporaryFolder();
    const { write, drain, pass } = daysIn(folder, "2026-11-21", "end");
    write("2026-11-21", '{"a":1}');
    expect(drain()).toEqual([]);
    write("2026-11-21", '{"a":2}');
    write("2026-11-22", '{"a":3}');
    pass(1_000);
    expect(drain()).toEqual(['{"a":2}', '{"a":3}']);
  });

  test("tell what keeps them from being read", () => {
    const folder = `${temporaryFolder()}/logs`;
    writeFileSync(folder, "a file");
    const { days, drain } = daysIn(folder, "2026-11-21");
    expect(drain()).toEqual([]);
    expect(days.trouble).toMatchObject({ path: folder });
  });

  test("tell when one day's log can't be read", () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/2026-11-21.jsonl`);
    const { days, drain } = daysIn(folder, "2026-11-21");
    expect(drain()).toEqual([]);
    expect(days.trouble).toMatchObject({ path: `${folder}/2026-11-21.jsonl` });
  });
});
