import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import type { InsideOptions, Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { SteeredClock } from "../rig/steered-clock.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

/** What a careful agent leaves out when a command knows it. */
const { runId: _runId, timestamp: _timestamp, ...short } = goodHandoff({ runId: "r" });

/** What the environment of an agent says. */
const asAgent = { DELEGATE_RUN_ID: "r" };

/** A run whose agent has the task, and that nobody drives. */
async function startUndriven(rig: Rig, words: readonly string[] = []): Promise<void> {
  rig.gateway.onHook = (_call, response) => admit(response);
  await rig.inside(["worker", "do it", "--run-id", "r", "--no-wait", ...words]);
}

/** A run whose agent has the task, and that somebody waits for. */
async function startDriven(rig: Rig, words: readonly string[] = [], options: InsideOptions = {}) {
  rig.gateway.onHook = (_call, response) => admit(response);
  const running = { end: rig.inside(["worker", "do it", "--run-id", "r", ...words], options) };
  await rig.hasHappened("r", "attempt_admitted");
  return running;
}

/** A shell's way to wait until the run has noted a text. */
function untilTold(text: string): string {
  return `while ! grep -q '"text":"${text}"' handoffs/r/events.jsonl; do sleep 0.05; done`;
}

function attemptFile(rig: Rig, attempt = 1): string {
  return join(rig.handoffDir, "r", `attempt-${attempt}.json`);
}

function stored(rig: Rig, attempt = 1): unknown {
  return JSON.parse(readFileSync(attemptFile(rig, attempt), "utf8"));
}

describe("an agent with a shell", () => {
  scenario(
    "says twice how far it is, then hands over a file from which its run's own fields are absent",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("own.json", JSON.stringify(short));
      const script = [
        'delegate handoff progress "reading"',
        untilTold("reading"),
        'delegate handoff progress "writing" --percent 45',
        untilTold("writing"),
        "delegate handoff submit own.json",
      ].join(" && ");
      rig.writeConfig({
        agents: { worker: { command: ["sh", "-c", script], cwd: rig.folder, handoff: "file" } },
      });
      const { exitCode, stdout, stderr } = await rig.inside([
        "worker",
        "do it",
        "--run-id",
        "r",
        "--verbose",
      ]);
      expect(stderr).toContain("attempt 1: the agent is working: 45 %: writing");
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ status: "complete", runId: "r", agent: "worker" });
      expect(rig.events("r").filter(({ type }) => type === "agent_working")).toMatchObject([
        { text: "reading", percent: null },
        { text: "writing", percent: 45 },
      ]);
      expect(stored(rig)).toMatchObject({ ...short, runId: "r", agent: "worker" });
      expect(statSync(attemptFile(rig)).mode & 0o777).toBe(0o600);
      const logs = await rig.inside(["logs", "r"]);
      expect(logs.stdout).toContain("45 %: writing");
    },
  );

  scenario("that prints its result may say how far it is as well", async ({ newRig, expect }) => {
    const rig = await newRig();
    const progress = 'delegate handoff progress "half" --percent 50 >&2';
    const script = [progress, untilTold("half"), "echo the result"].join(" && ");
    rig.writeConfig({ agents: { worker: { command: ["sh", "-c", script], handoff: "stdout" } } });
    const { document } = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
    expect(document).toMatchObject({ status: "complete", result: "the result" });
    expect(rig.events("r")).toContainEqual(
      expect.objectContaining({ type: "agent_working", text: "half", percent: 50 }),
    );
  });

  scenario(
    "needs no config to find its run, and can hand over while somebody breaks it",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const running = await startDriven(rig);
      rig.writeConfig({ agents: 5 });
      const folder = mkdtempSync(join(tmpdir(), "delegate-agent-"));
      try {
        const submitted = await rig.run(["handoff", "submit", "-"], {
          cwd: folder,
          stdin: JSON.stringify(short),
          env: { ...asAgent, DELEGATE_HANDOFF_PATH: attemptFile(rig) },
        });
        expect(submitted).toMatchObject({ exitCode: 0, stderr: "" });
        expect((await running.end).exitCode).toBe(0);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe("delegate handoff submit", () => {
  scenario(
    "tells all that is wrong and writes nothing; a corrected one is taken",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("schema.json", '{"type":"object","required":["total"]}');
      const running = await startDriven(rig, ["--schema", "schema.json"]);
      rig.write("own.json", JSON.stringify({ ...short, confidence: "sure", runId: "x", data: {} }));
      const wrong = await rig.inside(["handoff", "submit", "own.json"], { env: asAgent });
      expect(wrong).toMatchObject({ exitCode: 5, stderr: "" });
      for (const words of [
        "own.json: 3 problems",
        "  /confidence: ",
        "  /runId: ",
        "  /data/total",
      ])
        expect(wrong.stdout).toContain(words);
      expect(existsSync(attemptFile(rig))).toBe(false);
      const json = await rig.inside(["handoff", "submit", "own.json", "--json"], { env: asAgent });
      expect(json.exitCode).toBe(5);
      expect(JSON.parse(json.stdout)).toMatchObject({
        runId: "r",
        attempt: 1,
        isSubmitted: false,
        problems: [{}, {}, {}],
      });
      rig.write("own.json", JSON.stringify({ ...short, data: { total: 1 } }));
      expect(await rig.inside(["handoff", "submit", "own.json"], { env: asAgent })).toEqual({
        exitCode: 0,
        signal: null,
        stdout: "run r, attempt 1: handed over (complete)\n",
        stderr: "",
      });
      const ended = await running.end;
      expect(ended.exitCode).toBe(0);
      expect(JSON.parse(ended.stdout)).toMatchObject({ data: { total: 1 }, attempts: 1 });
    },
  );

  scenario.for([
    ["text that is no JSON", "done!", "(whole document): not valid JSON"],
    ["an empty document", "", "(whole document): the file is empty"],
    ["a sign of life", '{"status":"working"}', "/status: "],
    ["a list", "[]", "(whole document): "],
  ])("from stdin, %s is refused", async ([, stdin, words], { newRig, expect }) => {
    const rig = await newRig();
    await startUndriven(rig);
    const { exitCode, stdout } = await rig.run(["handoff", "submit", "-"], {
      stdin: stdin ?? "",
      env: asAgent,
    });
    expect(exitCode).toBe(5);
    expect(stdout).toContain("stdin: 1 problem\n");
    expect(stdout).toContain(words);
    expect(existsSync(attemptFile(rig))).toBe(false);
  });

  scenario(
    "checks as the caller does, also when the caller asks for little",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await startUndriven(rig, ["--no-validate"]);
      const least = '{"status":"partial","result":"some"}';
      const submitted = await rig.run(["handoff", "submit", "-"], { stdin: least, env: asAgent });
      expect(submitted.exitCode).toBe(0);
      expect((await rig.jsonInside(["wait", "r"])).document).toMatchObject({ result: "some" });
    },
  );

  scenario(
    "replaces an earlier one as long as the run goes on, and none once it has ended",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await startUndriven(rig);
      const submit = (result: string) =>
        rig.run(["handoff", "submit", "-"], {
          stdin: JSON.stringify({ ...short, result }),
          env: asAgent,
        });
      expect((await submit("one")).exitCode).toBe(0);
      expect((await submit("two")).exitCode).toBe(0);
      expect((await rig.jsonInside(["wait", "r"])).document).toMatchObject({ result: "two" });
      const third = await submit("three");
      expect(third).toMatchObject({ exitCode: 2, stdout: "" });
      expect(third.stderr).toContain("run r has ended already (complete)");
      expect(stored(rig)).toMatchObject({ result: "two" });
    },
  );

  scenario(
    "is taken late by a run that ended without an answer, once",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const timed = await rig.inside(["worker", "do it", "--run-id", "r", "--timeout", "0.2"]);
      expect(timed.exitCode).toBe(3);
      const submit = () =>
        rig.run(["handoff", "submit", "-"], { stdin: JSON.stringify(short), env: asAgent });
      const late = await submit();
      expect(late).toMatchObject({ exitCode: 0, stderr: "" });
      expect(late.stdout).toContain("the run had ended (timeout)");
      const again = await submit();
      expect(again).toMatchObject({ exitCode: 2, stdout: "" });
      expect(again.stderr).toContain("a late handoff is there already");
      expect((await rig.jsonInside(["wait", "r"])).document).toMatchObject({ status: "complete" });
    },
  );

  scenario(
    "corrects a handoff for which the run has ended as invalid",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        writeAsAgent(call.handoffPath, { status: "complete", result: "no confidence" });
      };
      expect((await rig.inside(["worker", "do it", "--run-id", "r"])).exitCode).toBe(5);
      const late = await rig.run(["handoff", "submit", "-"], {
        stdin: JSON.stringify(short),
        env: asAgent,
      });
      expect(late.exitCode).toBe(0);
      expect((await rig.jsonInside(["wait", "r"])).document).toMatchObject({ status: "complete" });
    },
  );

  scenario(
    "goes to the attempt that the agent was started for, else to the one that the run has come to",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        if (call.number === 1) writeAsAgent(call.handoffPath, { status: "nonsense" });
      };
      const running = rig.inside(["worker", "do it", "--run-id", "r", "--retries", "3"]);
      await rig.hasHappened("r", "attempt_started", 2);
      const noted = await rig.inside(["handoff", "progress", "second", "--run-id", "r"]);
      expect(noted).toMatchObject({ stdout: "", stderr: "run r, attempt 2: noted\n" });
      const elsewhere = join(rig.handoffDir, "other", "attempt-1.json");
      const named = await rig.inside(["handoff", "progress", "again", "--run-id", "r", "--json"], {
        env: { DELEGATE_RUN_ID: "other", DELEGATE_HANDOFF_PATH: elsewhere },
      });
      expect(JSON.parse(named.stdout)).toEqual({
        runId: "r",
        attempt: 2,
        text: "again",
        percent: null,
      });
      const first = await rig.run(["handoff", "submit", "-"], {
        stdin: JSON.stringify(short),
        env: { ...asAgent, DELEGATE_HANDOFF_PATH: attemptFile(rig) },
      });
      expect(first.stdout).toContain("attempt 1: handed over");
      expect((await running).exitCode).toBe(0);
    },
  );

  scenario("does not follow a link in its place", async ({ newRig, expect }) => {
    const rig = await newRig();
    await startUndriven(rig);
    const precious = rig.write("precious", "mine");
    symlinkSync(precious, attemptFile(rig));
    const { exitCode } = await rig.run(["handoff", "submit", "-"], {
      stdin: JSON.stringify(short),
      env: asAgent,
    });
    expect(exitCode).toBe(0);
    expect(rig.read("precious")).toBe("mine");
    expect(stored(rig)).toMatchObject({ status: "complete" });
  });

  scenario(
    "a file that is not there, and a place that can't be written",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await startUndriven(rig);
      expect(
        await rig.inside(["handoff", "submit", "nowhere.json"], { env: asAgent }),
      ).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("nowhere.json does not exist"),
      });
      mkdirSync(join(attemptFile(rig), "full"), { recursive: true });
      expect(
        await rig.run(["handoff", "submit", "-"], { stdin: JSON.stringify(short), env: asAgent }),
      ).toMatchObject({
        exitCode: 74,
        stdout: "",
        stderr: expect.stringContaining("can't be used"),
      });
    },
  );
});

describe("delegate handoff progress", () => {
  scenario("keeps a run alive whose idle time would be over", async ({ newRig, expect }) => {
    const rig = await newRig();
    const clock = new SteeredClock();
    const running = await startDriven(rig, ["--idle-timeout", "5"], { clock });
    for (const call of [1, 2, 3]) {
      clock.advance(3_000);
      await rig.inside(["handoff", "progress", `step ${call}`], { env: asAgent });
      await rig.hasHappened("r", "agent_working", call);
    }
    const submitted = await rig.run(["handoff", "submit", "-"], {
      stdin: JSON.stringify(short),
      env: asAgent,
    });
    expect(submitted.exitCode).toBe(0);
    expect((await running.end).exitCode).toBe(0);
  });

  scenario(
    "is refused when a handoff is there already, or something that may become one",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await startUndriven(rig);
      const progress = () => rig.inside(["handoff", "progress", "more"], { env: asAgent });
      for (const there of ["", '{"status":', '{"status":"complete"}', JSON.stringify(short)]) {
        writeFileSync(attemptFile(rig), there);
        const { exitCode, stderr } = await progress();
        expect(exitCode).toBe(2);
        expect(stderr).toContain("holds a handoff already");
        expect(readFileSync(attemptFile(rig), "utf8")).toBe(there);
      }
    },
  );

  scenario("is told that nobody hears it when the run has ended", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    await rig.inside(["worker", "do it", "--run-id", "r", "--timeout", "0.2"]);
    const late = await rig.inside(["handoff", "progress", "more"], { env: asAgent });
    expect(late).toMatchObject({ exitCode: 2, stdout: "" });
    expect(late.stderr).toContain("delegate handoff submit: it may still be taken");
    await startUndriven(rig, ["--run-id", "other"]);
    await rig.inside(["cancel", "other"]);
    const over = await rig.inside(["handoff", "progress", "more", "--run-id", "other"]);
    expect(over.stderr).toContain("run other has ended already (canceled)");
  });

  scenario(
    "by the thousand leaves few events, the newest words among them",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const running = await startDriven(rig);
      const startedAtMs = performance.now();
      for (let percent = 1; percent <= 1_000; percent += 1) {
        const words = { status: "working", notes: `${percent}`, percent: percent / 10 };
        writeAsAgent(attemptFile(rig), words);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => rig.events("r").some(({ text }) => text === "1000"), "the newest words");
      const seconds = (performance.now() - startedAtMs) / 1_000;
      const told = rig.events("r").filter(({ type }) => type === "agent_working");
      expect(told.length).toBeLessThanOrEqual(4 * (Math.ceil(seconds) + 1));
      expect(rig.events("r").length).toBeLessThan(told.length + 4 + 2 * seconds);
      expect(told.at(-1)).toMatchObject({ text: "1000", percent: 100 });
      writeAsAgent(attemptFile(rig), goodHandoff({ runId: "r" }));
      expect((await running.end).exitCode).toBe(0);
    },
  );
});

describe("the run of an agent", () => {
  const both = [
    ["submit", "-"],
    ["progress", "half"],
  ] as const;

  scenario.for(both)("handoff %s: must be named", async ([verb, word], { newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.inside(["handoff", verb, word])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/DELEGATE_RUN_ID is not set\n {2}to do: add --run-id <id>/),
    });
  });

  scenario.for(both)("handoff %s: must be known", async ([verb, word], { newRig, expect }) => {
    const rig = await newRig();
    for (const [runId, message] of [
      ["nothing", "there is no run nothing in"],
      ["../r", "can't be a run id"],
    ] as const) {
      expect(
        await rig.inside(["handoff", verb, word], { env: { DELEGATE_RUN_ID: runId } }),
      ).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining(message),
      });
    }
  });
});
