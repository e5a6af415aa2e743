import { appendFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { TerminalModel } from "../follow/terminal-model.ts";
import { hasPty, PtyProgram } from "../rig/pty.ts";
import { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

const launcher = new URL("../../bin/launch.cjs", import.meta.url).pathname;

/** Starts runs that wait for their agent. */
async function waitingRuns(rig: Rig, ...runIds: readonly string[]): Promise<void> {
  rig.gateway.onHook = (_call, response) => admit(response);
  await Promise.all(
    runIds.map(async (runId) => {
      rig.start(["worker", "do it", "--run-id", runId]);
      await rig.hasHappened(runId, "attempt_admitted");
    }),
  );
}

/** In one step: a file that is seen half-written is a sign of life without words. */
function handOver(rig: Rig, runId: string, more: object = {}): void {
  const path = `${rig.handoffDir}/${runId}/attempt-1.json`;
  writeAsAgent(`${path}.tmp`, goodHandoff({ runId }, more));
  renameSync(`${path}.tmp`, path);
}

/** What each line says, without the instants and times. */
function told(stdout: string): readonly string[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\S+Z /, "").replace(/ \d+s/, ""));
}

describe("delegate watch, off a terminal", () => {
  scenario("tells each change of the runs named, until all have ended", async ({ newRig }) => {
    const rig = await newRig();
    await waitingRuns(rig, "a", "b");
    const watchers = [
      rig.start(["watch", "a", "b", "a"]),
      rig.start(["watch", "b", "--exit-status"]),
    ];
    await Promise.all(
      watchers.map(({ child }) => new Promise((resolve) => child.stdout.once("data", resolve))),
    );
    handOver(rig, "a", { status: "working", notes: "reading" });
    await rig.hasHappened("a", "agent_working");
    handOver(rig, "b", { status: "failed", result: "no", notes: "can't" });
    await rig.hasHappened("b", "run_ended");
    handOver(rig, "a");
    const [both, one] = await Promise.all(watchers.map(({ end }) => end));
    expect(both).toMatchObject({ exitCode: 0, stderr: "" });
    const lines = told(both?.stdout ?? "");
    expect(lines.filter((line) => line.startsWith("a "))).toEqual([
      "a worker: waiting 1/1",
      "a worker: working 1/1: reading",
      "a worker: complete 1/1: reading",
    ]);
    expect(lines).toContainEqual(expect.stringContaining("b worker: agent_failed 1/1"));
    expect(one?.exitCode).toBe(1);
    expect(told(one?.stdout ?? "").at(-1)).toContain("b worker: agent_failed 1/1: worker says");
  });

  scenario(
    "of runs that are over tells how they ended, and exits with the first failure",
    async ({ newRig }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it", "--run-id", "fine"]);
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside(["worker", "do it", "--run-id", "late", "--timeout", "0.05"]);
      const { exitCode, stdout } = await rig.inside(["watch", "--exit-status", "late", "fine"]);
      expect(exitCode).toBe(3);
      expect(told(stdout)).toEqual([
        expect.stringMatching(/^late worker: timeout 1\/1: /),
        "fine worker: complete 1/1",
      ]);
      expect((await rig.inside(["watch", "late"])).exitCode).toBe(0);
      rmSync(`${rig.handoffDir}/late/events.jsonl`);
      mkdirSync(`${rig.handoffDir}/late/events.jsonl`);
      const unread = await rig.inside(["watch", "late", "fine"]);
      expect(unread.exitCode).toBe(74);
      expect(unread.stderr).toMatch(/late\/events\.jsonl can't be used: .*\n {2}to do: /);
      expect(told(unread.stdout)).toContain("fine worker: complete 1/1");
      expect((await rig.inside(["watch", "fine", "--exit-status"])).exitCode).toBe(0);
    },
  );

  scenario(
    "without names tells of all in flight and of those that come, until Ctrl-C",
    async ({ newRig }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it", "--run-id", "over"]);
      await waitingRuns(rig, "a");
      const watching = rig.start(["watch"]);
      let text = "";
      watching.child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
      await until(() => text.includes("a worker: waiting"), "the run in flight");
      await waitingRuns(rig, "b");
      await until(() => text.includes("b worker: waiting"), "the run that came");
      handOver(rig, "b");
      await until(() => text.includes("b worker: complete"), "its end");
      watching.child.kill("SIGINT");
      expect((await watching.end).exitCode).toBe(130);
      expect(text).not.toContain("over");
      handOver(rig, "a");
    },
  );

  scenario("says when nobody waits for a run, whose process was killed", async ({ newRig }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    const run = rig.start(["worker", "do it", "--run-id", "a"]);
    await rig.hasHappened("a", "attempt_admitted");
    const watching = rig.start(["watch", "a"]);
    let text = "";
    watching.child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await until(() => text.includes("waiting"), "the beginning");
    run.child.kill("SIGKILL");
    await until(() => text.includes("a worker: left"), "the note");
    handOver(rig, "a");
    await until(() => text.includes("a worker: handed_over"), "the word of its result");
    expect((await rig.inside(["wait", "a"])).exitCode).toBe(0);
    expect((await watching.end).exitCode).toBe(0);
    expect(told(text).at(-1)).toBe("a worker: complete 1/1");
  });
});

describe("delegate watch, in a flood of heartbeats", () => {
  scenario("keeps up, and says no more than once that the agent is working", async ({ newRig }) => {
    const rig = await newRig();
    await waitingRuns(rig, "a");
    const watching = rig.start(["watch", "a"]);
    await new Promise((resolve) => watching.child.stdout.once("data", resolve));
    const path = `${rig.handoffDir}/a/events.jsonl`;
    for (let block = 0; block < 40; block += 1) {
      const at = new Date().toISOString();
      const lines = Array.from({ length: 1_000 }, (_, index) => {
        const seq = 10 + block * 1_000 + index;
        return `${JSON.stringify({ seq, at, runId: "a", type: "agent_working", attempt: 1, text: `file ${seq}` })}\n`;
      });
      appendFileSync(path, lines.join(""));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const end = {
      type: "run_ended",
      status: "complete",
      code: null,
      attempts: 1,
      latencyMs: 5,
      failure: null,
    };
    const at = new Date().toISOString();
    appendFileSync(path, `${JSON.stringify({ seq: 99_999, at, runId: "a", ...end })}\n`);
    const { exitCode, stdout } = await watching.end;
    expect(exitCode).toBe(0);
    expect(told(stdout)).toEqual([
      "a worker: waiting 1/1",
      "a worker: working 1/1: file 10",
      "a worker: complete 1/1: file 40009",
    ]);
  });
});

async function project(): Promise<Rig> {
  const rig = await Rig.create();
  onTestFinished(() => rig.dispose());
  return rig;
}

function watchOn(rig: Rig, words: readonly string[], env: Record<string, string> = {}): PtyProgram {
  const program = new PtyProgram(
    [process.execPath, launcher, "watch", ...words],
    { columns: 40, rows: 8 },
    {
      cwd: rig.folder,
      env: { PATH: process.env["PATH"], HOME: rig.folder, TERM: "xterm", ...env },
    },
  );
  onTestFinished(() => program.dispose());
  return program;
}

/** What stands on the terminal after all that was written. */
function screenOf(program: PtyProgram): readonly string[] {
  const terminal = new TerminalModel(40, 8);
  terminal.write(program.output.replaceAll("^C", ""));
  return terminal.text.map((line) => line.replace(/ +\d+s/, " #s"));
}

describe.skipIf(!hasPty)(
  "delegate watch, on a terminal of 40 columns (needs python3's pty)",
  () => {
    test("shows one line a run that changes in place, and ends with them", async () => {
      const rig = await project();
      await waitingRuns(rig, "a");
      await waitingRuns(rig, "b");
      const program = watchOn(rig, ["a", "b", "--exit-status"]);
      await until(() => screenOf(program).length === 2, "both lines");
      expect(screenOf(program)).toEqual(["waiting  worker 1/1 #s", "waiting  worker 1/1 #s"]);
      handOver(rig, "a", { status: "working", notes: "reading all of the files, one by one" });
      await until(() => screenOf(program).join("").includes("reading"), "the words");
      expect(screenOf(program)[0]).toBe("working  worker 1/1 #s reading all of…");
      handOver(rig, "b");
      await until(() => screenOf(program).join("").includes("complete"), "the first end");
      handOver(rig, "a", { status: "failed", result: "no" });
      expect(await program.end).toBe(1);
      expect(screenOf(program)).toEqual([
        "complete worker 1/1 #s",
        "agent_failed worker 1/1 #s worker say…",
      ]);
      expect(program.output.endsWith("\u001B[?7h\u001B[?25h")).toBe(true);
    });

    test("ends by Ctrl-C, and leaves the terminal as it was", async () => {
      const rig = await project();
      const program = watchOn(rig, []);
      await until(() => screenOf(program).length > 0, "the first frame");
      expect(screenOf(program)).toEqual(["no run in flight; Ctrl-C ends"]);
      await waitingRuns(rig, "a");
      await until(() => screenOf(program).join("").includes("waiting"), "the run that came");
      program.resize(30, 8);
      program.interrupt();
      expect(await program.end).toBe(130);
      expect(screenOf(program)).toEqual(["waiting  worker 1/1 #s"]);
      expect(program.output.endsWith("\u001B[?7h\u001B[?25h")).toBe(true);
      handOver(rig, "a");
    });

    test.each([
      ["NO_COLOR", { NO_COLOR: "1" }],
      ["TERM=dumb", { TERM: "dumb" }],
    ])("prints plain lines with %s", async (_what, env) => {
      const rig = await project();
      await rig.inside(["worker", "do it", "--run-id", "a"]);
      const program = watchOn(rig, ["a"], env);
      expect(await program.end).toBe(0);
      expect(program.output).toMatch(/^\S+Z a worker: complete 1\/1 \d+s\r\n$/);
    });
  },
);
