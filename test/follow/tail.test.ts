import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { Tail } from "../../src/follow/tail.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

function tailIn(folder: string, from: "start" | "end" = "start"): { path: string; tail: Tail } {
  const path = `${folder}/events.jsonl`;
  const tail = new Tail(path, from);
  onTestFinished(() => tail.close());
  return { path, tail };
}

/** All that is there. */
function drain(tail: Tail): readonly string[] {
  const all: string[] = [];
  for (let lines = tail.read(); lines !== null; lines = tail.read()) all.push(...lines);
  return all;
}

describe("following a file", () => {
  test("waits until it is there, then gives each line once", () => {
    const { path, tail } = tailIn(temporaryFolder());
    expect(tail.read()).toBeNull();
    writeFileSync(path, '{"a":1}\n{"a":2}\n');
    expect(drain(tail)).toEqual(['{"a":1}', '{"a":2}']);
    expect(tail.read()).toBeNull();
    appendFileSync(path, '{"a":3}\n');
    expect(drain(tail)).toEqual(['{"a":3}']);
    expect(tail.trouble).toBeNull();
  });

  test("can begin at its end", () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/events.jsonl`, '{"a":1}\n');
    const { path, tail } = tailIn(folder, "end");
    expect(drain(tail)).toEqual([]);
    appendFileSync(path, '{"a":2}\n');
    expect(drain(tail)).toEqual(['{"a":2}']);
  });

  test("reads one that comes later from its start", () => {
    const { path, tail } = tailIn(temporaryFolder(), "end");
    expect(drain(tail)).toEqual([]);
    writeFileSync(path, '{"a":1}\n');
    expect(drain(tail)).toEqual(['{"a":1}']);
  });

  test("loses no line where chunks meet, however many there are", () => {
    const { path, tail } = tailIn(temporaryFolder());
    const lines = Array.from({ length: 30_000 }, (_, index) => `{"line":${index},"é":"日本"}`);
    writeFileSync(path, `${lines.join("\n")}\n`);
    expect(drain(tail)).toEqual(lines);
  });

  test("waits for the rest of a torn line, and passes over one that is never completed", () => {
    const { path, tail } = tailIn(temporaryFolder());
    writeFileSync(path, '{"a":1}\n{"a":');
    expect(drain(tail)).toEqual(['{"a":1}']);
    appendFileSync(path, "2}\n");
    expect(drain(tail)).toEqual(['{"a":2}']);
    appendFileSync(path, '{"a":3,"b');
    expect(drain(tail)).toEqual([]);
    appendFileSync(path, '\n{"a":4}\n');
    expect(drain(tail)).toEqual(['{"a":3,"b', '{"a":4}']);
  });

  test("takes a last line that lost only its line break", () => {
    const { path, tail } = tailIn(temporaryFolder());
    writeFileSync(path, '{"a":1}\n{"a":2}');
    expect(drain(tail)).toEqual(['{"a":1}', '{"a":2}']);
    appendFileSync(path, '\n{"a":3}\n');
    expect(drain(tail)).toEqual(['{"a":3}']);
  });

  test("goes on with what is written into a deleted file, then with the file that takes its place", () => {
    const { path, tail } = tailIn(temporaryFolder());
    const fd = openSync(path, "a");
    writeSync(fd, '{"a":1}\n');
    expect(drain(tail)).toEqual(['{"a":1}']);
    rmSync(path);
    writeSync(fd, '{"a":2}\n');
    expect(drain(tail)).toEqual(['{"a":2}']);
    writeSync(fd, '{"a":3}\n{"torn');
    closeSync(fd);
    writeFileSync(path, '{"a":4}\n');
    expect(drain(tail)).toEqual(['{"a":3}', '{"a":4}']);
  });

  test("goes on with a file that was moved there in place of the old one", () => {
    const { path, tail } = tailIn(temporaryFolder());
    writeFileSync(path, '{"a":1}\n');
    drain(tail);
    writeFileSync(`${path}.new`, '{"a":2}\n');
    renameSync(`${path}.new`, path);
    expect(drain(tail)).toEqual(['{"a":2}']);
  });

  test("begins anew with a file that was cut", () => {
    const { path, tail } = tailIn(temporaryFolder());
    writeFileSync(path, '{"a":1}\n{"a":2}\n{"torn');
    drain(tail);
    truncateSync(path);
    appendFileSync(path, '{"a":3}\n');
    expect(drain(tail)).toEqual(['{"a":3}']);
  });

  test("tells what keeps it from being read, and goes on when that is over", () => {
    const { path, tail } = tailIn(temporaryFolder());
    mkdirSync(path);
    expect(drain(tail)).toEqual([]);
    expect(tail.trouble).toMatchObject({ path });
    rmSync(path, { recursive: true });
    writeFileSync(path, '{"a":1}\n');
    expect(drain(tail)).toEqual(['{"a":1}']);
    expect(tail.trouble).toBeNull();
  });

  test("does not wait at a pipe", () => {
    const { path, tail } = tailIn(temporaryFolder());
    if (spawnSync("mkfifo", [path]).status !== 0) return;
    expect(tail.read()).toBeNull();
    expect(String(tail.trouble?.error)).toContain("not a regular file");
  });
});
