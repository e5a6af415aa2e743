import { appendFileSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { ChangeWatch } from "../../src/follow/change-watch.ts";
import { followLines } from "../../src/follow/follow-lines.ts";
import { Tail } from "../../src/follow/tail.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

test("reading ends with what is there, following when it is told to", async () => {
  const folder = temporaryFolder();
  const path = `${folder}/events.jsonl`;
  writeFileSync(path, '{"a":1}\n');
  const change = new ChangeWatch({ leastMs: 1, mostMs: 500 });
  change.add(folder);
  onTestFinished(() => change.close());
  const [once, on] = [new Tail(path), new Tail(path)];
  onTestFinished(() => [once, on].forEach((tail) => tail.close()));
  const read: string[] = [];
  for await (const { lines } of followLines(once, null, new AbortController().signal))
    read.push(...lines);
  expect(read).toEqual(['{"a":1}']);

  const leaving = new AbortController();
  const followed: string[] = [];
  for await (const { lines, isAtEnd } of followLines(on, change, leaving.signal)) {
    followed.push(...lines);
    if (followed.length === 2) leaving.abort();
    else if (isAtEnd) appendFileSync(path, '{"a":2}\n');
  }
  expect(followed).toEqual(['{"a":1}', '{"a":2}']);
});
