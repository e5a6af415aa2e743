import { expect, test } from "vitest";
import { ShellPool } from "../../../src/flows/steps/shell-pool.ts";
import { isProcessAlive } from "../../../src/system/process-life.ts";
import { until } from "../../rig/until.ts";

const env = { PATH: process.env["PATH"] ?? "" };

test("a shell is used again, and ends when nobody has needed it for a while", async () => {
  const pool = new ShellPool(env, 100);
  const first = await pool.take();
  const second = await pool.take();
  if (first === null || second === null) throw new Error("there are no shells here");
  expect(first.shell.pid).not.toBe(second.shell.pid);
  pool.giveBack(first, true);
  expect(await pool.take()).toBe(first);
  pool.giveBack(first, true);
  pool.giveBack(second, true);
  await until(() => !isProcessAlive(first.shell.pid), "the end of the first");
  await until(() => !isProcessAlive(second.shell.pid), "the end of the second");
  expect(await pool.take()).not.toBe(first);
});

test("one that has ended by itself is not used again", async () => {
  const pool = new ShellPool(env);
  const first = await pool.take();
  if (first === null) throw new Error("there are no shells here");
  pool.giveBack(first, true);
  process.kill(first.shell.pid, "SIGKILL");
  await until(() => first.shell.isGone, "the end of the shell");
  const next = await pool.take();
  expect(next).not.toBe(first);
  expect(await next?.shell.run("exit 3\n")).toBe(null);
  expect(await next?.shell.run("echo 0\n")).toBe(null);
});

test("without what a shell needs there is none, and then none is asked for any more", async () => {
  const pool = new ShellPool({ PATH: "/nowhere" });
  expect(await pool.take()).toBe(null);
  expect(await pool.take()).toBe(null);
});
