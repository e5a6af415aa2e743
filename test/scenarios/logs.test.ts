import {
  appendFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { describe } from "vitest";
import type { Rig, RunningCli } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

/** What a running command has printed so far. */
function printed({ child }: RunningCli): () => string {
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

/** A run that waits for its agent. */
async function waitingRun(
  rig: Rig,
  runId = "r",
  more: readonly string[] = [],
): Promise<RunningCli> {
  rig.gateway.onHook = (_call, response) => admit(response);
  const running = rig.start(["worker", "do it", "--run-id", runId, ...more]);
  await rig.hasHappened(runId, "attempt_admitted");
  return running;
}

function handOver(rig: Rig, more: object = {}, runId = "r"): void {
  writeAsAgent(`${rig.handoffDir}/${runId}/attempt-1.json`, goodHandoff({ runId }, more));
}

function typesOf(stdout: string): readonly string[] {
  return stdout
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line): { type: string } => JSON.parse(line))
    .map(({ type }) => type);
}

function eventLine(seq: number, text: string, at = new Date().toISOString(), runId = "r"): string {
  return `${JSON.stringify({ seq, at, runId, type: "agent_working", attempt: 1, text })}\n`;
}

const today = (): string => new Date().toISOString().slice(0, 10);

describe.concurrent("delegate logs <runId>", () => {
  scenario("prints what is there and ends, for people or as stored", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.inside(["worker", "do it", "--run-id", "r"]);
    const people = await rig.inside(["logs", "r"]);
    expect(people).toMatchObject({ exitCode: 0, stderr: "" });
    const lines = people.stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z run for worker: do it$/);
    expect(lines.at(-1)).toMatch(/ ended: complete after 1 attempt, \d+ ms$/);
    const programs = await rig.inside(["logs", "r", "--json"]);
    expect(programs.stdout).toBe(rig.read("handoffs/r/events.jsonl"));
    const rest = await rig.inside(["logs", "r", "--json", "--after-seq", "2"]);
    expect(typesOf(rest.stdout)).toEqual(typesOf(programs.stdout).slice(2));
    expect((await rig.inside(["logs", "r", "--agent", "somebody"])).stdout).toBe("");
    expect((await rig.inside(["logs", "r", "--since", "2100-01-01"])).stdout).toBe("");
    expect((await rig.inside(["logs", "r", "--since", "1h"])).stdout).toBe(people.stdout);
  });

  scenario(
    "-f prints as it happens, and ends with the run's exit code",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const run = await waitingRun(rig);
      const following = rig.start(["logs", "r", "-f", "--json"]);
      const text = printed(following);
      await until(() => text().includes("attempt_admitted"), "the beginning");
      handOver(rig, { status: "working", notes: "half of it" });
      await until(() => text().includes("half of it"), "the sign of life");
      handOver(rig, { status: "failed", result: "no" });
      expect((await following.end).exitCode).toBe(1);
      expect((await run.end).exitCode).toBe(1);
      expect(typesOf(text())).toEqual(rig.events("r").map(({ type }) => type));
      const after = await rig.inside(["logs", "r", "-f"]);
      expect(after.exitCode).toBe(1);
      expect(after.stdout).toContain("ended: agent_failed");
    },
  );

  scenario("-f takes the last end of a run that was continued", async ({ newRig, expect }) => {
    const rig = await newRig();
    const run = await waitingRun(rig, "r", ["--timeout", "0.2"]);
    expect((await run.end).exitCode).toBe(3);
    expect((await rig.inside(["logs", "r", "-f"])).exitCode).toBe(3);
    handOver(rig);
    expect((await rig.inside(["wait", "r"])).exitCode).toBe(0);
    expect((await rig.inside(["logs", "r", "-f"])).exitCode).toBe(0);
  });

  scenario("-f survives that the events are torn, cut and deleted", async ({ newRig, expect }) => {
    const rig = await newRig();
    const run = await waitingRun(rig);
    const path = `${rig.handoffDir}/r/events.jsonl`;
    const following = rig.start(["logs", "r", "-f"]);
    const text = printed(following);
    await until(() => text().includes("has the task"), "the beginning");
    const torn = eventLine(50, "in two parts");
    appendFileSync(path, torn.slice(0, 70));
    appendFileSync(path, torn.slice(70));
    await until(() => text().includes("in two parts"), "the torn line");
    appendFileSync(path, `${torn.slice(0, 70)}\n${eventLine(51, "behind a tear")}`);
    await until(() => text().includes("behind a tear"), "the line behind");
    truncateSync(path);
    appendFileSync(path, eventLine(52, "cut"));
    await until(() => text().includes("cut"), "the line after the cut");
    rmSync(path);
    handOver(rig);
    expect((await following.end).exitCode).toBe(0);
    expect((await run.end).exitCode).toBe(0);
    expect(text().match(/in two parts/g)).toHaveLength(1);
    expect(text()).toContain("ended: complete");
  });

  scenario("-f says that nobody waits for the run; Ctrl-C ends it", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    await rig.inside(["worker", "do it", "--no-wait", "--run-id", "r"]);
    const following = rig.start(["logs", "r", "-f"]);
    let told = "";
    following.child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
    await until(() => told !== "", "the note");
    handOver(rig);
    await until(() => told.includes("handed over"), "the word of its result");
    following.child.kill("SIGINT");
    const { exitCode, stderr } = await following.end;
    expect(exitCode).toBe(130);
    expect(stderr.split("\n")).toEqual([
      "delegate: nobody waits for run r, so its end will not be seen; delegate wait r does",
      "delegate: run r is handed over; delegate wait r takes it",
      "",
    ]);
  });

  scenario("-f ends when the run's folder is deleted", async ({ newRig, expect }) => {
    const rig = await newRig();
    const run = await waitingRun(rig);
    run.child.kill("SIGKILL");
    const following = rig.start(["logs", "r", "-f"]);
    const text = printed(following);
    await until(() => text().includes("has the task"), "the beginning");
    rmSync(`${rig.handoffDir}/r`, { recursive: true });
    const { exitCode, stderr } = await following.end;
    expect(exitCode).toBe(74);
    expect(stderr).toContain("the folder of run r was deleted");
  });

  scenario("ends quietly when its reader goes away", async ({ newRig, expect }) => {
    const rig = await newRig();
    const run = await waitingRun(rig);
    const following = rig.start(["logs", "r", "-f"]);
    const text = printed(following);
    await until(() => text() !== "", "the beginning");
    following.child.stdout.destroy();
    handOver(rig, { status: "working", notes: "more" });
    expect(await following.end).toMatchObject({ exitCode: 0, stderr: "" });
    handOver(rig);
    await run.end;
  });

  scenario("refuses what it can't know", async ({ newRig, expect }) => {
    const rig = await newRig();
    for (const words of [
      ["logs", "nobody"],
      ["logs", "nobody", "-f"],
      ["watch", "nobody"],
    ]) {
      const { exitCode, stderr } = await rig.inside(words);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("there is no run nobody");
    }
    expect((await rig.inside(["logs", "../x"])).stderr).toContain("can't be a run id");
    expect((await rig.inside(["logs", "--after-seq", "3"])).stderr).toContain("needs a run");
    expect((await rig.inside(["logs", "r", "--after-seq", "-3"])).exitCode).toBe(2);
    expect((await rig.inside(["logs", "--since", "soon"])).stderr).toContain("is no time");
    expect((await rig.inside(["logs", "a", "b"])).stderr).toContain("one word too many");
  });
});

describe.concurrent("delegate logs", () => {
  scenario(
    "tells the runs of today, or since a moment, or of one agent",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "first", "--run-id", "one"]);
      mkdirSync(`${rig.folder}/logs`, { recursive: true });
      const yesterday = new Date(Date.now() - 86_400_000).toISOString();
      const old = `${rig.folder}/logs/${yesterday.slice(0, 10)}.jsonl`;
      writeFileSync(old, eventLine(1, "long ago", yesterday, "old"));
      const all = await rig.inside(["logs"]);
      expect(all).toMatchObject({ exitCode: 0, stderr: "" });
      expect(all.stdout).toContain("Z one worker: run for worker: first\n");
      expect(all.stdout).not.toContain("long ago");
      const since = await rig.inside(["logs", "--since", "2d"]);
      expect(since.stdout).toContain(
        `${yesterday} old attempt 1: the agent is working: long ago\n`,
      );
      expect(since.stdout).toContain(all.stdout);
      expect((await rig.inside(["logs", "--agent", "worker", "--since", "2d"])).stdout).toBe(
        all.stdout,
      );
      expect(await rig.inside(["logs", "--agent", "wroker"])).toMatchObject({
        stdout: "",
        stderr: expect.stringMatching(/no agent "wroker" in .+; did you mean worker\?\n$/),
      });
      expect((await rig.inside(["logs", "--json"])).stdout).toBe(rig.read(`logs/${today()}.jsonl`));
    },
  );

  scenario(
    "-f follows runs of other processes into the files of new days",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const following = rig.start(["logs", "-f"]);
      const other = rig.start(["logs", "-f", "--json", "--agent", "worker"]);
      const [text, json] = [printed(following), printed(other)];
      await rig.inside(["worker", "first", "--run-id", "one"]);
      await until(
        () => text().includes("one worker: ended") && json().includes("run_ended"),
        "the first run",
      );
      rmSync(`${rig.folder}/logs/${today()}.jsonl`);
      await rig.inside(["worker", "second", "--run-id", "two"]);
      await until(() => text().includes("two worker: ended"), "the second run");
      writeFileSync(
        `${rig.folder}/logs/2100-01-01.jsonl`,
        eventLine(9, "tomorrow", "2100-01-01T00:00:00.000Z", "two"),
      );
      await until(() => text().includes("tomorrow") && json().includes("tomorrow"), "the new day");
      following.child.kill("SIGINT");
      other.child.kill("SIGTERM");
      expect((await following.end).exitCode).toBe(130);
      expect((await other.end).exitCode).toBe(143);
      const seen = typesOf(json());
      expect(seen.filter((type) => type === "run_ended")).toHaveLength(2);
    },
  );

  scenario("goes on behind a line that a power cut tore", async ({ newRig, expect }) => {
    const rig = await newRig();
    mkdirSync(`${rig.folder}/logs`);
    const torn = eventLine(1, "lost").slice(0, 60);
    writeFileSync(`${rig.folder}/logs/${today()}.jsonl`, torn + eventLine(2, "kept") + torn);
    const { exitCode, stdout } = await rig.inside(["logs"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^[^\n]*Z r attempt 1: the agent is working: kept\n$/);
  });

  scenario("says what keeps it from reading the log", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.write("logs", "a file");
    const { exitCode, stderr } = await rig.inside(["logs"]);
    expect(exitCode).toBe(74);
    expect(stderr).toContain(`${rig.folder}/logs can't be used`);
  });

  scenario("lets no agent write to the terminal", async ({ newRig, expect }) => {
    const rig = await newRig();
    mkdirSync(`${rig.folder}/logs`);
    const line = eventLine(1, "\u001B[2J\u009B2J\u202Eevil\nline");
    writeFileSync(`${rig.folder}/logs/${today()}.jsonl`, line);
    for (const words of [["logs"], ["logs", "--json"]]) {
      const { stdout } = await rig.inside(words);
      expect(stdout.trimEnd()).toMatch(/^[\x20-\x7E]*$/);
      expect(stdout).toContain("evil");
    }
    expect(existsSync(`${rig.handoffDir}/r`)).toBe(false);
  });
});
