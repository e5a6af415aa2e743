import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
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

async function tookMs(work: Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return performance.now() - startedAt;
}

describe("waiting for a change", () => {
  test("ends as soon as something is written into the folder", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/f`, "");
    const change = watchWith({ leastMs: 1, mostMs: 15_000 });
    change.add(folder);
    change.add(folder);
    const waited = change.next(never);
    appendFileSync(`${folder}/f`, "more");
    expect(await tookMs(waited)).toBeLessThan(10_000);
  });

  test("ends after the longest pause, even if nothing is said", async () => {
    const change = watchWith({ leastMs: 1, mostMs: 30 });
    change.add(temporaryFolder());
    expect(await tookMs(change.next(never))).toBeGreaterThan(25);
  });

  test("takes its time however much happens", async () => {
    const change = watchWith({ leastMs: 60, mostMs: 10_000 });
    change.notice();
    await change.next(never);
    change.notice();
    expect(await tookMs(change.next(never))).toBeGreaterThan(50);
  });

  test("ends at once when it is told to", async () => {
    const change = watchWith({ leastMs: 1, mostMs: 60_000 });
    change.add(temporaryFolder());
    const leaving = new AbortController();
    const waited = change.next(leaving.signal);
    leaving.abort();
    expect(await tookMs(waited)).toBeLessThan(5_000);
    expect(await tookMs(change.next(leaving.signal))).toBeLessThan(5_000);
  });

  test("looks often at a folder that is not there, and is told of changes once it is", async () => {
    const folder = `${temporaryFolder()}/later`;
    const change = watchWith({ leastMs: 1, mostMs: 15_000 });
    change.add(folder);
    expect(await tookMs(change.next(never))).toBeLessThan(10_000);
    mkdirSync(folder);
    await change.next(never);
    const waited = change.next(never);
    await sleep(1);
    writeFileSync(`${folder}/f`, "");
    expect(await tookMs(waited)).toBeLessThan(10_000);
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
