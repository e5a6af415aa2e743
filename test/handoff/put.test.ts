import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { holdsHandoff, putHandoff, putSignOfLife } from "../../src/handoff/put.ts";
import { until } from "../rig/until.ts";
import { expecting, handoff } from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const half = { status: "working", notes: "half" } as const;
const whole = JSON.stringify(handoff());

function inPlace(folder: string): unknown {
  return JSON.parse(readFileSync(`${folder}/attempt-1.json`, "utf8"));
}

describe("a sign of life", () => {
  test("is put in place, and replaces an earlier one", () => {
    const folder = temporaryFolder();
    expect(putSignOfLife(folder, 1, { status: "working" })).toBe(true);
    expect(putSignOfLife(folder, 1, half)).toBe(true);
    expect(inPlace(folder)).toEqual(half);
    expect(statSync(`${folder}/attempt-1.json`).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["attempt-1.json"]);
  });

  test.each(["", "{", '{"status":"done"}', whole])("leaves %j as it is", (there) => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/attempt-1.json`, there);
    expect(putSignOfLife(folder, 1, half)).toBe(false);
    expect(readFileSync(`${folder}/attempt-1.json`, "utf8")).toBe(there);
  });

  test("never outlives a handoff that is put in place at the same moment", async () => {
    for (let round = 0; round < 10; round += 1) {
      const folder = temporaryFolder();
      const url = new URL("fixtures/keep-progressing.ts", import.meta.url);
      const worker = new Worker(url, { workerData: folder });
      const exited = once(worker, "exit");
      await until(() => existsSync(`${folder}/attempt-1.json`), "a sign of life");
      await sleep(Math.random() * 10);
      putHandoff(folder, 1, whole);
      await exited;
      expect(inPlace(folder)).toEqual(handoff());
    }
  });
});

describe("a handoff", () => {
  test("replaces whatever is in its place", () => {
    const folder = temporaryFolder();
    for (const there of ["", "{", JSON.stringify(half), '{"status":"done"}']) {
      writeFileSync(`${folder}/attempt-1.json`, there);
      expect(holdsHandoff(folder, 1, expecting())).toBe(false);
      putHandoff(folder, 1, whole);
      expect(inPlace(folder)).toEqual(handoff());
      expect(holdsHandoff(folder, 1, expecting())).toBe(true);
    }
    expect(readdirSync(folder).toSorted()).toEqual(["attempt-1.json", "submitted-1.json"]);
  });

  test("that can't be put in place leaves nothing half-written behind", () => {
    const folder = temporaryFolder();
    expect(() => putHandoff(`${folder}/gone`, 1, whole)).toThrow("ENOENT");
    expect(readdirSync(folder)).toEqual([]);
  });
});
