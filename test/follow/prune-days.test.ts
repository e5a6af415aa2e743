import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pruneDays } from "../../src/follow/prune-days.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

function logs(...names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(`${folder}/${name}`, "{}\n");
  return folder;
}

const midnight = Date.parse("2026-11-21T00:00:00Z");

test("the log of a day may go when the whole day was over before", () => {
  const folder = logs("2026-11-21.jsonl", "2026-11-20.jsonl", "2026-11-19.jsonl");
  const before = (endedBeforeMs: number) => pruneDays(folder, { endedBeforeMs, isDryRun: true });
  expect(before(midnight - 1)).toEqual([`${folder}/2026-11-19.jsonl`]);
  expect(before(midnight)).toEqual([`${folder}/2026-11-19.jsonl`, `${folder}/2026-11-20.jsonl`]);
  expect(readdirSync(folder)).toHaveLength(3);
});

test("nothing else goes, whatever it is called", () => {
  const folder = logs("2020-01-01.jsonl", "2020-01-01.jsonl.gz", "2020-99-99.jsonl", "notes.txt");
  mkdirSync(`${folder}/2020-01-02.jsonl`);
  const removed = pruneDays(folder, { endedBeforeMs: midnight, isDryRun: false });
  expect(removed).toEqual([`${folder}/2020-01-01.jsonl`]);
  expect(readdirSync(folder).sort()).toEqual([
    "2020-01-01.jsonl.gz",
    "2020-01-02.jsonl",
    "2020-99-99.jsonl",
    "notes.txt",
  ]);
});

test("a folder that is not there yet has nothing to remove", () => {
  expect(pruneDays("/nowhere/logs", { endedBeforeMs: midnight, isDryRun: false })).toEqual([]);
});
