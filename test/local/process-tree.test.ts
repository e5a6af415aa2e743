import { spawn } from "node:child_process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { listProcesses } from "../../src/local/process-tree.ts";
import { until } from "../rig/until.ts";

let begun = 0;

/** Starts a line of a shell with a mark in its environment, and tells how many processes have it. */
async function start(line: string): Promise<() => number> {
  begun += 1;
  const mark = `DELEGATE_TEST=${process.pid}.${begun}`;
  const env = { PATH: process.env["PATH"] ?? "", DELEGATE_TEST: mark.slice(14) };
  const leader = spawn("sh", ["-c", line, line], { env, detached: true, stdio: "ignore" });
  const { pid = 0 } = leader;
  onTestFinished(() => void process.kill(-pid, "SIGKILL"));
  const count = (): number => listProcesses((candidate) => candidate.has(mark)).length;
  await until(() => count() > 0, "the first process");
  return count;
}

describe.runIf(process.platform === "linux")("the list of processes", () => {
  test("has one that begins another program again and again", async () => {
    const count = await start('exec sh -c "$0" "$0"');
    for (let look = 0; look < 30; look++) {
      expect(count()).toBe(1);
      await nextTurn();
    }
  });

  test("has a process or its child, when it ends as soon as that has begun", async () => {
    const count = await start('sleep 0.2; sh -c "$0" "$0" &');
    for (let look = 0; look < 60; look++) {
      expect(count()).toBeGreaterThan(0);
      await nextTurn();
    }
  });
});
