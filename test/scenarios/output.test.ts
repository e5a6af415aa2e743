import { existsSync } from "node:fs";
import { describe, test } from "vitest";
import { shellWord } from "../../src/text/shell-quote.ts";
import { launcher } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, answerAtOnce, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { hasTerminal, runAtTerminal } from "../rig/terminal.ts";

const command = `${shellWord(process.execPath)} ${shellWord(launcher)}`;

/** What could move a cursor, set a title, ring, or turn the direction of writing. */
const wicked =
  "a\u001B[2J\u001B]0;title\u0007b\u009B31mc\u009D0;t\u009Cd\u202Ee\u2066f\rg\u0008h\u007Fi";

/** Every character that a terminal could obey, but line break and tab. */
// oxlint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

describe.concurrent("stdout", () => {
  scenario(
    "--format text prints the result alone, with one line break at its end",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      for (const result of ["line 1\nline 2", "line 1\nline 2\n"]) {
        rig.gateway.onHook = answerAtOnce({ result });
        expect(await rig.inside(["worker", "do it", "--format", "text"])).toMatchObject({
          exitCode: 0,
          stdout: "line 1\nline 2\n",
          stderr: "",
        });
      }
    },
  );

  scenario(
    "--format text tells what is missing of a partial result on stderr",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({
        status: "partial",
        result: "half",
        notes: "the other half",
      });
      expect(await rig.inside(["worker", "do it", "--format", "text"])).toMatchObject({
        exitCode: 0,
        stdout: "half\n",
        stderr: "delegate: partial: the other half\n",
      });
    },
  );

  const ends: readonly (readonly [status: string, more: object, exitCode: number, code: string])[] =
    [
      ["failed", { status: "failed", result: "no way" }, 1, "agent_failed"],
      [
        "blocked",
        { status: "blocked", result: "stuck", questions: [{ id: "q1", text: "which one?" }] },
        7,
        "agent_blocked",
      ],
      ["invalid", { confidence: 1 }, 5, "invalid"],
    ];
  for (const [status, more, exitCode, code] of ends) {
    scenario(
      `an agent's ${status} is one document and exit ${exitCode}; as text it is two lines on stderr`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        rig.gateway.onHook = answerAtOnce(more);
        const json = await rig.jsonInside(["worker", "do it"]);
        expect(json).toMatchObject({ exitCode, stderr: "", document: { error: { code } } });
        const text = await rig.inside(["worker", "do it", "--format", "text"]);
        expect(text).toMatchObject({ exitCode, stdout: "" });
        expect(text.stderr).toMatch(/^delegate: .+\n {2}to do: .+\n$/);
      },
    );
  }

  scenario(
    "the outcome keeps the handoff's fields and adds the run's own; an agent can't set those",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({
        error: { code: "internal" },
        attempts: 77,
        latencyMs: -1,
        workflowRunId: "forged",
        data: { a: [1] },
        usage: { inputTokens: 5 },
      });
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({
        status: "complete",
        attempts: 1,
        data: { a: [1] },
        usage: { inputTokens: 5 },
        deliverable: { type: "analysis" },
      });
      expect(document).not.toHaveProperty("error");
      expect(document).not.toHaveProperty("workflowRunId");
      expect(document.latencyMs).not.toBe(-1);
    },
  );

  scenario(
    "closed by its reader in the middle: no stack trace and no hang",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({ result: "line\n".repeat(200_000) });
      for (const format of ["json", "text"]) {
        const { exitCode, stdout, stderr } = await rig.runProgram("sh", [
          "-c",
          `${command} worker "do it" --format ${format} | head -1`,
        ]);
        expect(exitCode).toBe(0);
        expect(stdout.split("\n")).toHaveLength(2);
        expect(stderr).toBe("");
      }
    },
  );

  scenario("a reader that takes its time gets all of it", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = answerAtOnce({ result: "line\n".repeat(100_000) });
    const { stdout } = await rig.runProgram("sh", [
      "-c",
      `${command} worker "do it" --format text | (sleep 0.7; wc -l)`,
    ]);
    expect(stdout.trim()).toBe("100000");
  });

  scenario("closed from the start: the run is done all the same", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, stderr } = await rig.runProgram("sh", [
      "-c",
      `${command} worker "do it" --run-id quiet >&-`,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(rig.events("quiet").at(-1)).toMatchObject({ type: "run_ended", status: "complete" });
  });

  scenario(
    "on a full disk: the lost output is no success, and the run can be asked again",
    { skip: !existsSync("/dev/full") },
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const line = `${command} worker "do it" --run-id one > /dev/full`;
      const { exitCode, stderr } = await rig.runProgram("sh", ["-c", line]);
      expect(exitCode).toBe(74);
      expect(stderr).toMatch(
        /^delegate: stdout could not be written to its end: no space left where it goes\n {2}to do: .*delegate wait <runId>/,
      );
      expect((await rig.jsonInside(["wait", "one"])).exitCode).toBe(0);
    },
  );

  scenario(
    "on a full disk, of a command that is about no run: it is to be called again",
    { skip: !existsSync("/dev/full") },
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it", "--run-id", "one"]);
      const { exitCode, stderr } = await rig.runProgram("sh", ["-c", `${command} list >/dev/full`]);
      expect(exitCode).toBe(74);
      expect(stderr).toMatch(/\n {2}to do: .*; then call the command again\n$/);
    },
  );

  scenario(
    "from a folder that is gone: the config above it still counts",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const line = `mkdir gone && cd gone && rmdir ../gone && ${command} worker "do it"`;
      const { exitCode, stderr } = await rig.runProgram("sh", ["-c", line]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    },
  );

  scenario(
    "JSON has every character escaped that a terminal could obey, and still says the same",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({ result: wicked });
      const { stdout } = await rig.inside(["worker", "do it"]);
      expect(stdout).not.toMatch(obeyed);
      expect(JSON.parse(stdout)).toMatchObject({ result: wicked });
    },
  );

  scenario("into a pipe, text goes letter by letter", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = answerAtOnce({ result: wicked });
    expect((await rig.inside(["worker", "do it", "--format", "text"])).stdout).toBe(`${wicked}\n`);
  });

  scenario(
    "what an agent writes can't act on a terminal through failures, notes, --verbose, show or list",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        writeAsAgent(call.handoffPath, goodHandoff(call, { status: "working", notes: wicked }));
        writeAsAgent(
          call.handoffPath,
          goodHandoff(call, { status: "failed", result: wicked, notes: wicked }),
        );
      };
      const run = await rig.inside([
        "worker",
        wicked,
        "--format",
        "text",
        "--verbose",
        "--run-id",
        "wicked",
      ]);
      expect(run.exitCode).toBe(1);
      const show = await rig.inside(["show", "wicked"]);
      const list = await rig.inside(["list"]);
      for (const { stdout, stderr } of [run, show, list])
        expect(stdout + stderr).not.toMatch(obeyed);
      expect(show.stdout).toContain("\\x1b[2J");
    },
  );

  scenario("a gateway's error can't act on a terminal either", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => void response.writeHead(400).end(wicked);
    const { stdout, stderr } = await rig.inside([
      "worker",
      "do it",
      "--format",
      "text",
      "--verbose",
    ]);
    expect(stdout + stderr).not.toMatch(obeyed);
  });
});

describe.skipIf(!hasTerminal)("at a terminal", () => {
  scenario(
    "a result can't move the cursor, clear the screen or set the title",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({ result: wicked });
      const { exitCode, stdout } = await runAtTerminal(rig, [
        "worker",
        "do it",
        "--format",
        "text",
        "--quiet",
      ]);
      expect(exitCode).toBe(0);
      expect(stdout).not.toMatch(obeyed);
      expect(stdout).toContain("\\x1b]0;title\\x07b");
    },
  );

  scenario("--dry-run of a wicked task is shown harmlessly", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { stdout } = await runAtTerminal(rig, [
      "worker",
      wicked,
      "--format",
      "text",
      "--dry-run",
    ]);
    expect(stdout).not.toMatch(obeyed);
    expect(stdout).toContain("\\x1b[2J");
  });

  for (const columns of [80, 40]) {
    scenario(
      `${columns} columns: one live line, never longer than the terminal, gone at the end`,
      async ({ newRig, expect }) => {
        const name = "an-agent-with-a-rather-long-name-that-fills-a-line";
        const rig = await newRig();
        rig.writeConfig({ agents: { [name]: { url: rig.gateway.origin } } });
        rig.gateway.onHook = async (call, response) => {
          admit(response);
          await rig.hasHappened(call.runId, "attempt_admitted");
          writeAsAgent(call.handoffPath, goodHandoff(call, { status: "working", notes: "step 1" }));
          await rig.hasHappened(call.runId, "agent_working");
          writeAsAgent(call.handoffPath, goodHandoff(call));
        };
        const { exitCode, stdout } = await runAtTerminal(rig, [name, "do it", "--retries", "2"], {
          columns,
          stdoutTo: "out.json",
        });
        expect(exitCode).toBe(0);
        expect(JSON.parse(rig.read("out.json"))).toMatchObject({ status: "complete" });
        const drawn = stdout.split("\r\u001B[2K");
        expect(drawn.length).toBeGreaterThan(3);
        expect(drawn[0]).toBe("");
        expect(drawn.at(-1)).toBe("");
        for (const line of drawn) expect(line.length).toBeLessThan(columns);
        expect(stdout).not.toContain("\n");
      },
    );
  }

  scenario(
    "a failure leaves nothing of the live line before its own words",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const { exitCode, stdout } = await runAtTerminal(rig, [
        "worker",
        "do it",
        "--timeout",
        "0.4",
        "--format",
        "text",
      ]);
      expect(exitCode).toBe(3);
      expect(stdout.split("\r\u001B[2K").at(-1)).toMatch(
        /^delegate: worker handed nothing over within 0\.4 s\n {2}to do: .*\n$/,
      );
    },
  );

  for (const [what, words, env] of [
    ["--quiet", ["--quiet"], {}],
    ["a dumb terminal", [], { TERM: "dumb" }],
  ] as const) {
    scenario(`${what} draws nothing`, async ({ newRig, expect }) => {
      const rig = await newRig();
      const { stdout } = await runAtTerminal(rig, ["worker", "do it", ...words], {
        stdoutTo: "out.json",
        env,
      });
      expect(stdout).toBe("");
    });
  }

  scenario("a misuse is told in lines, last and below the document", async ({ newRig, expect }) => {
    const { stdout, exitCode } = await runAtTerminal(await newRig(), ["worker", "do it", "--nope"]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^\{[^]*\}\ndelegate: unknown option --nope\n {2}to do: .*\n$/);
  });

  scenario("help is as wide as the terminal", async ({ newRig, expect }) => {
    const { stdout } = await runAtTerminal(await newRig(), ["list", "--help"], { columns: 60 });
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});

test.runIf(!hasTerminal)(
  "script of util-linux is not installed, so nothing was tried at a terminal",
  () => undefined,
);
