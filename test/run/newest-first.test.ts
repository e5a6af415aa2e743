import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { newRunId } from "../../src/run/ids.ts";
import { GreatestNames } from "../../src/run/stored/greatest-names.ts";
import { newestFirst } from "../../src/run/stored/newest-first.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const MINUTE_MS = 60_000;

function idAt(atMs: number): string {
  return newRunId(atMs, crypto.getRandomValues(new Uint8Array(16)));
}

/** In an order that is neither up nor down. */
function mixed<T>(values: readonly T[]): readonly T[] {
  return values.map((_, index) => values[(index * 7) % values.length]!);
}

test("the newest runs come first however many there are, those with somebody's own id by their birth", () => {
  const folder = temporaryFolder();
  const nowMs = Date.now();
  const later = Array.from({ length: 500 }, (_, index) => idAt(nowMs + (500 - index) * MINUTE_MS));
  const earlier = Array.from({ length: 2_001 }, (_, index) =>
    idAt(nowMs - (index + 1) * MINUTE_MS),
  );
  for (const name of mixed([...later, ...earlier, "nightly", ".flows"]))
    mkdirSync(`${folder}/${name}`);
  expect([...newestFirst(folder)]).toEqual([...later, "nightly", ...earlier]);
});

test("runs that came while the newest were looked at do not come twice, nor do the others", () => {
  const folder = temporaryFolder();
  const nowMs = Date.now();
  const ids = Array.from({ length: 2_500 }, (_, index) => idAt(nowMs - index * MINUTE_MS));
  for (const name of mixed(ids)) mkdirSync(`${folder}/${name}`);
  const found: string[] = [];
  for (const runId of newestFirst(folder)) {
    if (found.length === 0) mkdirSync(`${folder}/${idAt(nowMs + MINUTE_MS)}`);
    found.push(runId);
  }
  expect(found).toEqual(ids);
});

test("a folder that is not there has no runs", () => {
  expect([...newestFirst(`${temporaryFolder()}/nowhere`)]).toEqual([]);
});

test.each([1, 3, 10, 99, 100, 101])("the %i greatest of 100 names, in any order", (most) => {
  const sorted = Array.from({ length: 100 }, (_, index) => `name-${1_000 - index}`).sort();
  const greatest = sorted.toReversed().slice(0, most);
  for (const order of [sorted, sorted.toReversed(), mixed(sorted)]) {
    const names = new GreatestNames(most);
    for (const name of order) names.add(name);
    expect(names.greatestFirst()).toEqual(greatest);
  }
});
