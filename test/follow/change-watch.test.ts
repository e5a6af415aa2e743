import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ChangePace } from "../../src/follow/change-watch.ts";
import { ChangeWatch } from "../../src/follow/change-watch.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const never = new AbortController().signal;

function watchWith(pace: ChangePace): ChangeWatch {
  const change = new ChangeWatch(pace);
  onTestFinished(() => change.close());
  return change;
}

/** Nobody waits for so long. */
const HOURS_MS = 7_200_000;

describe("waiting for a change", () => {
  test("ends as soon as something is written into the folder", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/f`, "");
    const change = watchWith({ leastMs: 1, mostMs: HOURS_MS });
    change.add(folder);
    change.add(folder);
    const waited = change.next(never);
    appendFileSync(`${folder}/f`, "more");
    await waited;
  });

  test("ends after the longest pause, even if nothing is said", async () => {
    const change = watchWith({ leastMs: 1, mostMs: 30 });
    change.add(temporaryFolder());
    let isLater = false;
    setTimeout(() => (isLater = true), 5);
    await change.next(never);
    expect(isLater).toBe(true);
  });

  test("takes its time however much happens", async () => {
    const change = watchWith({ leastMs: HOURS_MS, mostMs: HOURS_MS });
    change.notice();
    await change.next(never);
    change.notice();
    const leaving = new AbortController();
    let isOver = false;
    const waited = change.next(leaving.signal).then(() => (isOver = true));
    change.notice();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isOver).toBe(false);
    leaving.abort();
    await waited;
  });

  test("ends at once when it is told to", async () => {
    const change = watchWith({ leastMs: 1, mostMs: HOURS_MS });
    change.add(temporaryFolder());
    const leaving = new AbortController();
    const waited = change.next(leaving.signal);
    leaving.abort();
    await waited;
    await change.next(leaving.signal);
  });

  test("looks often at a folder that is not there, and is told of changes once it is", async () => {
    const folder = `${temporaryFolder()}/later`;
    const change = watchWith({ leastMs: 1, mostMs: HOURS_MS });
    change.add(folder);
    await change.next(never);
    mkdirSync(folder);
    await change.next(never);
    const waited = change.next(never);
    writeFileSync(`${folder}/f`, "");
    await waited;
  });

  test("goes on with a folder that was deleted and made again", async () => {
    const folder = `${temporaryFolder()}/again`;
    mkdirSync(folder);
    const change = watchWith({ leastMs: 1, mostMs: 500 });
    change.add(folder);
    rmSync(folder, { recursive: true });
    await change.next(never);
    mkdirSync(folder);
    await change.next(never);
    await change.next(never);
    const waited = change.next(never);
    writeFileSync(`${folder}/f`, "");
    await waited;
    change.remove(folder);
    change.remove(folder);
  });
});
