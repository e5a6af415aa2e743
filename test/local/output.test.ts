import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { OutputReader, readToEnd } from "../../src/local/output-reader.ts";
import { runCommand } from "../../src/local/run-command.ts";
import { hearOfEndFirst } from "../rig/hear-of-end-first.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";
import { until } from "../rig/until.ts";

/** Starts a line of a shell as the command of an agent. */
function start(line: string, cwd: string) {
  return runCommand({
    program: "sh",
    args: ["-c", line],
    cwd,
    env: { PATH: process.env["PATH"] ?? "" },
    stdin: null,
    stdout: { beyond: "drop", maxBytes: 0 },
    timeoutSeconds: null,
    marker: `DELEGATE_GATEWAY_RUN=${cwd}`,
    graceMs: 1000,
  });
}

const ended = { kind: "exited", code: 0 };

test("what a command has printed is there, also when its end is heard of first and nobody reads for long", async () => {
  const folder = temporaryFolder();
  const line =
    "echo $$ > all; mv all pid; until [ -e go ]; do sleep 0.05; done; echo out; echo why >&2";
  const { report } = start(line, folder);
  await until(() => existsSync(`${folder}/pid`), "the command");
  const pid = Number(readFileSync(`${folder}/pid`, "utf8"));
  await hearOfEndFirst(pid, () => writeFileSync(`${folder}/go`, ""), 700);
  expect(await report).toEqual({ end: ended, stdout: "out\n", stderr: "why\n" });
});

test("who outlives a command and prints on keeps nobody waiting", async () => {
  const { report, gone } = start("yes & echo end >&2", temporaryFolder());
  expect(await report).toMatchObject({ end: ended, stderr: "end\n" });
  await gone;
});

test("a reader that is slow gets one piece after the other, also after the command's end", async () => {
  const child = spawn("seq", ["100000"], { stdio: ["ignore", "pipe", "ignore"] });
  let [bytes, atOnce, mostAtOnce] = [0, 0, 0];
  const reader = new OutputReader(child.stdout, async (piece) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await sleep(20);
    bytes += piece.length;
    atOnce -= 1;
  });
  await once(child, "exit");
  await readToEnd([reader]);
  expect([bytes, mostAtOnce]).toEqual([588_895, 1]);
});
