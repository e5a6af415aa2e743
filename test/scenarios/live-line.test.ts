import { writeFileSync } from "node:fs";
import { describe } from "vitest";
import { hasPty, PtyProgram } from "../rig/pty.ts";
import type { Rig } from "../rig/rig.ts";
import { launcher } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import {
  admit,
  answerAtOnce,
  goodHandoff,
  sendJson,
  writeAsAgent,
} from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

type OnTestFinished = (clean: () => Promise<void>) => void;

/** The command at a terminal of its own, with its stdout elsewhere. */
function atTerminal(
  rig: Rig,
  words: readonly string[],
  onTestFinished: OnTestFinished,
  columns = 100,
): PtyProgram {
  const line = `exec "$0" "$@" >out.json`;
  const command = ["sh", "-c", line, process.execPath, launcher, ...words];
  const env = { PATH: process.env["PATH"], HOME: rig.folder, TERM: "xterm-256color" };
  const terminal = new PtyProgram(command, { columns, rows: 24 }, { cwd: rig.folder, env });
  onTestFinished(() => terminal.dispose());
  return terminal;
}

/** Waits until the line has said this. */
async function says(terminal: PtyProgram, words: RegExp): Promise<void> {
  await until(
    () => terminal.output.split("\r\u001B[2K").some((line) => words.test(line)),
    `${words}`,
  );
}

/** A run that was begun an hour ago by a process that is dead by now. */
async function begunAnHourAgo(rig: Rig): Promise<void> {
  rig.gateway.onHook = (_call, response) => admit(response);
  const words = ["worker", "do it", "--run-id", "r", "--timeout", "36000", "--retries", "2"];
  const running = rig.start(words);
  await rig.hasHappened("r", "attempt_admitted");
  running.child.kill("SIGKILL");
  await running.end;
  for (const name of ["request.json", "events.jsonl"]) {
    const earlier = rig
      .read(`handoffs/r/${name}`)
      .replaceAll(/"(at|createdAt)":"([^"]+)"/g, (_whole, key: string, at: string) => {
        const moved = new Date(Date.parse(at) - 3_600_000).toISOString();
        return `"${key}":"${moved}"`;
      });
    writeFileSync(`${rig.handoffDir}/r/${name}`, earlier);
  }
}

function handOver(rig: Rig, more: object = {}): void {
  writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }, more));
}

describe.skipIf(!hasPty)("the live line of delegate wait", () => {
  scenario(
    "knows of a run whose process is dead: its agent, how long ago it began, the time that is left",
    async ({ newRig, expect, onTestFinished }) => {
      const rig = await newRig();
      await begunAnHourAgo(rig);
      const terminal = atTerminal(rig, ["wait", "r"], onTestFinished);
      await says(terminal, /^worker: waiting 1\/2 1 h(?: \d+ min)?, [89] h(?: \d+ min)? left$/);
      handOver(rig);
      expect(await terminal.end).toBe(0);
      expect(JSON.parse(rig.read("out.json"))).toMatchObject({ status: "complete" });
      expect(terminal.output.split("\r\u001B[2K").at(-1)).toBe("");
    },
  );

  scenario(
    "shows when it leaves by itself, if that is sooner",
    async ({ newRig, expect, onTestFinished }) => {
      const rig = await newRig();
      await begunAnHourAgo(rig);
      const terminal = atTerminal(rig, ["wait", "r", "--timeout", "1200"], onTestFinished);
      await says(
        terminal,
        /^worker: waiting 1\/2 1 h(?: \d+ min)?, (?:19|20) min(?: \d+ s)? left$/,
      );
      handOver(rig);
      expect(await terminal.end).toBe(0);
    },
  );

  scenario(
    "tells of a run that another process drives, word by word as the agent says it",
    async ({ newRig, expect, onTestFinished }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const driving = rig.inside(["worker", "do it", "--run-id", "r"]);
      await rig.hasHappened("r", "attempt_admitted");
      const terminal = atTerminal(rig, ["wait", "r"], onTestFinished, 60);
      await says(terminal, /^worker: waiting \d+ s, .* left$/);
      const notes = "日本語 \u001B[2J and a lot more than fits into a line of sixty";
      handOver(rig, { status: "working", notes, percent: 45 });
      await says(terminal, /^worker: working \d+ s, .* left: 45 %: 日本語 \\x1b\[2J.*…$/);
      handOver(rig);
      expect(await terminal.end).toBe(0);
      expect((await driving).exitCode).toBe(0);
    },
  );

  scenario(
    "says that it is tried again when that is so, and why",
    async ({ newRig, expect, onTestFinished }) => {
      const rig = await newRig({ retry: { baseMs: 600_000, maxMs: 600_000 } });
      rig.gateway.onHook = (_call, response) => sendJson(response, 503, { error: "busy" });
      const driving = rig.inside(["worker", "do it", "--run-id", "r", "--retries", "2"]);
      await rig.hasHappened("r", "retry_scheduled");
      const terminal = atTerminal(rig, ["wait", "r"], onTestFinished, 200);
      await says(
        terminal,
        /^worker: trying again 2\/2 \d+ s: in \d+ min(?: \d+ s)?: .*HTTP 503, busy$/,
      );
      await rig.inside(["cancel", "r"]);
      expect(await terminal.end).toBe(9);
      await driving;
    },
  );

  scenario(
    "leaves above it what is asked and how to answer, once, also what was asked before it came",
    async ({ newRig, expect, onTestFinished }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({ status: "blocked", questions: [{ text: "Which one?" }] });
      await rig.inside(["worker", "do it", "--run-id", "r"]);
      const terminal = atTerminal(rig, ["wait", "r", "--on-question", "wait"], onTestFinished, 40);
      await says(terminal, /^worker: asking 1\/2 \d+ s: Which one\?$/);
      rig.gateway.onHook = answerAtOnce();
      await rig.inside(["answer", "r.q1", "this one"]);
      expect(await terminal.end).toBe(0);
      const told =
        'worker asks: Which one?\r\n\r\u001B[2K  to do: delegate answer r.q1 "<answer>"\r\n';
      expect(terminal.output.split(told)).toHaveLength(2);
    },
  );

  scenario("waits for a late handoff, and says so", async ({ newRig, expect, onTestFinished }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    await rig.jsonInside(["worker", "do it", "--run-id", "r", "--timeout", "0.1"]);
    const terminal = atTerminal(rig, ["wait", "r", "--timeout", "600"], onTestFinished);
    await says(terminal, /^worker: timeout, waiting for a late handoff \d+ s, .* left$/);
    handOver(rig);
    expect(await terminal.end).toBe(0);
  });
});

describe.skipIf(!hasPty)("the live line of a delegation", () => {
  scenario(
    "does not promise another attempt after the last",
    async ({ newRig, expect, onTestFinished }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => sendJson(response, 503, { error: "busy" });
      const terminal = atTerminal(rig, ["worker", "do it", "--retries", "1"], onTestFinished);
      expect(await terminal.end).toBe(6);
      expect(terminal.output).toContain("worker: sending");
      expect(terminal.output).not.toContain("again");
    },
  );

  scenario("tells of the run that it joins", async ({ newRig, expect, onTestFinished }) => {
    const rig = await newRig();
    await begunAnHourAgo(rig);
    const terminal = atTerminal(rig, ["worker", "do it", "--run-id", "r"], onTestFinished);
    await says(terminal, /^worker: waiting 1\/2 1 h(?: \d+ min)?, [89] h(?: \d+ min)? left$/);
    handOver(rig);
    expect(await terminal.end).toBe(0);
  });
});
