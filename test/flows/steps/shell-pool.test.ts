import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { KeptOutput } from "../../../src/flows/steps/kept-output.ts";
import { runInShell } from "../../../src/flows/steps/run-in-shell.ts";
import { shellScript } from "../../../src/flows/steps/shell-line.ts";
import { ShellPool } from "../../../src/flows/steps/shell-pool.ts";
import { isProcessAlive } from "../../../src/system/process-life.ts";
import { temporaryFolder } from "../../rig/temporary-folder.ts";
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

describe("a shell that has not come to its command yet", () => {
  test("does not begin it after it was ended", async () => {
    const folder = temporaryFolder();
    const pool = new ShellPool(env);
    const ready = await pool.take();
    if (ready === null) throw new Error("there are no shells here");
    process.kill(ready.shell.pid, "SIGSTOP");
    const marker = { MARKER: folder };
    const command = { command: "touch begun", cwd: folder, env: marker, stdin: null };
    const started = runInShell(
      { ...command, marker: `MARKER=${folder}`, onGroup: () => {}, ...outputs(folder) },
      ready,
      pool,
    );
    await started?.end();
    expect(await started?.exitCode).toBe(137);
    expect(isProcessAlive(ready.shell.pid)).toBe(false);
    expect(existsSync(`${folder}/begun`)).toBe(false);
    expect(existsSync(ready.shell.pipes.stdout)).toBe(false);
  });

  test("does not begin it after its worker has died", async () => {
    const folder = temporaryFolder();
    const start = [
      "mkfifo told ready; exec 3<>told",
      "sh <told >answer 2>/dev/null & echo 'echo >ready' >&3",
      "read line <ready; echo $!",
    ].join("; ");
    const shell = Number(execFileSync("sh", ["-c", start], { cwd: folder }));
    const pipes = { stdout: `${folder}/stdout`, stderr: `${folder}/stderr` };
    const script = shellScript({ command: "touch begun", cwd: folder, env: {} }, pipes) ?? "";
    writeFileSync(`${folder}/told`, `trap 'echo over' EXIT\n${script}`);
    await until(() => !isProcessAlive(shell), "the end of the shell");
    expect(readFileSync(`${folder}/answer`, "utf8")).toBe("over\n");
    expect(existsSync(`${folder}/begun`)).toBe(false);
  });
});

function outputs(folder: string): { readonly stdout: KeptOutput; readonly stderr: KeptOutput } {
  const [stdout, stderr] = ["stdout", "stderr"].map(
    (name) =>
      new KeptOutput({
        part: "beginning",
        maxBytes: 1_000,
        path: `${folder}/${name}`,
        maxFileBytes: 1_000,
        isDigested: false,
        onTrouble: () => {},
      }),
  );
  if (stdout === undefined || stderr === undefined) throw new Error("two outputs");
  return { stdout, stderr };
}
