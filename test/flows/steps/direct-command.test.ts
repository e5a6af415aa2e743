import { spawn } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { describe } from "vitest";
import { CommandRecord } from "../../../src/flows/steps/command-record.ts";
import { endNotedGroup } from "../../../src/flows/steps/left-processes.ts";
import { isProcessAlive } from "../../../src/system/process-life.ts";
import { hearOfEndFirst } from "../../rig/hear-of-end-first.ts";
import { until } from "../../rig/until.ts";
import { pidsIn } from "./commands.ts";
import { command } from "./rig.ts";
import { scenario } from "./scenario.ts";

/** No shell can be told a variable with such a name, so that the command becomes a process of the worker itself. */
const env = { "NOT-FOR-SHELLS": "it is there" };

/** A process that leads a group with a child in it. */
function startGroup(): number {
  const line = "sleep 300 & wait";
  return spawn("sh", ["-c", line], { detached: true, stdio: "ignore" }).pid ?? 0;
}

describe("a command that no shell begins", () => {
  scenario("says what it printed and how it ended", async ({ newRig, expect }) => {
    const rig = await newRig();
    const print = `process.stdout.write(process.env["NOT-FOR-SHELLS"]); console.error("b"); process.exit(3)`;
    const ends = await Promise.all([
      rig.carryOut(command([process.execPath, "-e", print], { env })),
      rig.carryOut(command("echo line; kill -9 $$", { env })),
      rig.carryOut(command("sleep 300 & echo $! > pid; echo up", { env })),
      rig.carryOut(command("seq 100000", { env })),
    ]);
    expect(ends).toMatchObject([
      { end: "failed", output: { exitCode: 3, stdout: "it is there", stderr: "b" } },
      { end: "failed", output: { exitCode: 137, stdout: "line" } },
      { end: "done", output: { stdout: "up" } },
      { end: "done", output: { files: { stdout: { bytes: 588_895 } } } },
    ]);
  });

  scenario(
    "has printed what it has, also when its end is heard of first and nobody reads for long",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const line =
        "echo $$ > all; mv all pids; until [ -e go ]; do sleep 0.05; done; echo out; echo why >&2; exit 1";
      const end = rig.carryOut(command(line, { stdin: "read by nobody" }));
      await until(() => pidsIn(rig).length === 1, "the command");
      const [pid = 0] = pidsIn(rig);
      await hearOfEndFirst(pid, () => writeFileSync(`${rig.folder}/go`, ""), 700);
      expect(await end).toMatchObject({ output: { exitCode: 1, stdout: "out", stderr: "why" } });
    },
  );

  scenario("ends with all that it has started", async ({ newRig, expect }) => {
    const rig = await newRig();
    const line = "sleep 300 & echo $! > all; echo $$ >> all; mv all pids; wait";
    const going = rig.start(rig.job(command(line, { env })));
    const path = `${rig.folder}/pids`;
    await until(() => existsSync(path), "the command");
    const pids = readFileSync(path, "utf8").trim().split("\n").map(Number);
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
    expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
  });
});

describe("where processes can only be told by their group", () => {
  scenario("what was noted is ended, if it still is what it was", async ({ newRig, expect }) => {
    const rig = await newRig();
    const [pid, other] = [startGroup(), startGroup()];
    const noted = new CommandRecord(`${rig.folder}/commands/noted`);
    expect([noted.wasLeft, noted.readGroup()]).toEqual([false, null]);
    await endNotedGroup(noted);
    noted.rememberGroup(pid);
    const found = new CommandRecord(`${rig.folder}/commands/noted`);
    expect([found.wasLeft, found.readGroup()?.groupId]).toEqual([true, pid]);
    await endNotedGroup(found);
    expect(isProcessAlive(pid)).toBe(false);
    // Another process has the pid by now.
    found.rememberGroup(other);
    const anHourAgo = Date.now() / 1000 - 3600;
    utimesSync(`${rig.folder}/commands/noted`, anHourAgo, anHourAgo);
    await endNotedGroup(found);
    expect(isProcessAlive(other)).toBe(true);
    process.kill(-other, "SIGKILL");
    found.remove();
    expect(new CommandRecord(`${rig.folder}/commands/noted`).wasLeft).toBe(false);
  });
});
