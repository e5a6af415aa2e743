import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { describe } from "vitest";
import type { StepEnd } from "../../../src/flows/work.ts";
import { isProcessAlive } from "../../../src/local/process-life.ts";
import { until } from "../../rig/until.ts";
import { command, executeWith } from "./rig.ts";
import type { StepRig } from "./rig.ts";
import { scenario } from "./scenario.ts";

/** The pids that a command has written down, one a line. */
function pidsIn(rig: StepRig, name = "pids"): readonly number[] {
  const path = `${rig.folder}/${name}`;
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number) : [];
}

/** What was kept of a stream. */
function textIn(end: StepEnd, stream: string): string {
  const text = end.end === "done" ? end.output[stream] : null;
  if (typeof text !== "string") throw new Error(JSON.stringify(end));
  return text;
}

/** A command with a child in the background, a child in a session of its own, and itself, all of which write down their pids. */
const family =
  "echo $$ > all; sleep 300 & echo $! >> all; setsid sh -c 'echo $$ >> all; mv all pids; exec sleep 300'; wait";

async function hasFamily(rig: StepRig): Promise<readonly number[]> {
  await until(() => pidsIn(rig).length === 3, "the command's processes");
  return pidsIn(rig);
}

describe("a command", () => {
  scenario("says what it printed and how it ended", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.carryOut(command("echo done; echo careful >&2"))).toEqual({
      end: "done",
      output: { exitCode: 0, stdout: "done", stderr: "careful" },
      usage: null,
    });
    expect(await rig.carryOut(command("echo a; echo b >&2; echo c >&2; exit 3"))).toEqual({
      end: "failed",
      failure: {
        code: "command_failed",
        message: "the command ended with exit code 3: b / c",
        hint: "delegate flow show <id> has what it printed",
      },
      output: { exitCode: 3, stdout: "a", stderr: "b\nc" },
      usage: null,
      isRetryable: true,
    });
  });

  scenario("gets its arguments, variables and lines as they are", async ({ newRig, expect }) => {
    const rig = await newRig();
    const nasty = `it's "$HOME" $(touch hacked) ; \`touch hacked\` \\ \n &`;
    const env = { VALUE: nasty };
    const ends = await Promise.all([
      rig.carryOut(command(["printf", "%s|", nasty, "", "-n"])),
      rig.carryOut(command('printf %s "$VALUE"', { env })),
      rig.carryOut(command("printenv VALUE", { env })),
      rig.carryOut(command("echo plain words, and more=1")),
      rig.carryOut(command("echo it\\'s 'one  word' | tr a-z A-Z")),
    ]);
    expect(ends.map((end) => (end.end === "done" ? end.output["stdout"] : end))).toEqual([
      `${nasty}||-n|`,
      nasty,
      nasty,
      "plain words, and more=1",
      "IT'S ONE  WORD",
    ]);
    expect(existsSync(`${rig.folder}/hacked`)).toBe(false);
  });

  scenario("knows its flow, and nothing of what started the worker", async ({ newRig, expect }) => {
    const rig = await newRig();
    const env = { ...process.env, DELEGATE_PARENT_RUN: "of the worker", DELEGATE_FLOW_STEP: "x" };
    const job = rig.job(command("env | grep ^DELEGATE_ | sort"), { key: "work.2.env" });
    const end = await executeWith(
      rig.configPath,
      undefined,
      env,
    )(job, {
      signal: new AbortController().signal,
      report: () => undefined,
    });
    const names = textIn(end, "stdout");
    expect(names.replaceAll(/=.*$/gm, "").split("\n")).toEqual([
      "DELEGATE_CONFIG",
      "DELEGATE_FLOW_COMMAND",
      "DELEGATE_FLOW_STEP",
    ]);
    expect(names).toContain("DELEGATE_FLOW_STEP=01abc/work.2.env");
  });

  scenario("works in the folder of the flow run, or below it", async ({ newRig, expect }) => {
    const rig = await newRig();
    mkdirSync(`${rig.folder}/a/b's`, { recursive: true });
    writeFileSync(`${rig.folder}/file`, "");
    const [here, below] = await Promise.all([
      rig.carryOut(command("pwd")),
      rig.carryOut(command("pwd", { cwd: "a/b's" })),
    ]);
    expect(here).toMatchObject({ output: { stdout: rig.folder } });
    expect(below).toMatchObject({ output: { stdout: `${rig.folder}/a/b's` } });
    const elsewhere = ["gone", "file", "..", "/tmp", "a/../../x"].map((cwd) =>
      rig.carryOut(command("touch ran", { cwd })),
    );
    for (const end of await Promise.all(elsewhere)) {
      expect(end).toMatchObject({
        end: "failed",
        failure: { code: "command_failed", hint: expect.stringContaining("cwd") },
        isRetryable: false,
      });
    }
    expect(existsSync(`${rig.folder}/ran`)).toBe(false);
  });

  scenario("that can't be run is a failure, whatever it is", async ({ newRig, expect }) => {
    const rig = await newRig();
    writeFileSync(`${rig.folder}/text`, "no program");
    const large = { env: { VALUE: "é".repeat(70_000) } };
    const ends = await Promise.all([
      rig.carryOut(command("no-such-program --x")),
      rig.carryOut(command(["no-such-program"])),
      rig.carryOut(command(["./text"])),
      rig.carryOut(command("while")),
      rig.carryOut(command("echo 'open")),
      rig.carryOut(command("true", large)),
      rig.carryOut(command(["echo", "a\0b"])),
      rig.carryOut(command("true", { env: { VALUE: "a\0b" } })),
      rig.carryOut(command(["no-such-program"], { env: { "NO-NAME": "1" } })),
      rig.carryOut(command(["./text"], { env: { "NO-NAME": "1" } })),
    ]);
    const told = ends.map((end) => (end.end === "failed" ? end.failure : null));
    expect(told.map((failure) => failure?.code)).toEqual(ends.map(() => "command_failed"));
    expect(told.map((failure) => failure?.message)).toEqual([
      expect.stringMatching(/exit code 127: .*no-such-program: not found/),
      expect.stringMatching(/exit code 127: .*no-such-program: not found/),
      expect.stringMatching(/exit code 126: .*Permission denied/),
      expect.stringMatching(/exit code 2: .*Syntax error/),
      expect.stringMatching(/exit code 2: .*Syntax error/),
      expect.stringContaining("140006 bytes long"),
      expect.stringContaining("zero byte"),
      expect.stringContaining("zero byte"),
      expect.stringMatching(/exit code 127: no-such-program: not found/),
      expect.stringMatching(/exit code 126: \.\/text: /),
    ]);
    // Whatever was wrong with one, the next one runs.
    expect(await rig.carryOut(command("true"))).toMatchObject({ end: "done" });
  });

  scenario("that is killed, or kills what it runs in, has failed", async ({ newRig, expect }) => {
    const rig = await newRig();
    for (const line of ["kill -9 $$", "kill -9 0", "kill -9 $PPID; sleep 300"]) {
      expect(await rig.carryOut(command(line))).toMatchObject({
        end: "failed",
        failure: { message: expect.stringContaining("ended by signal 9 (exit code 137)") },
      });
      expect(await rig.carryOut(command("echo next"))).toMatchObject({ end: "done" });
    }
    expect(await rig.carryOut(command("kill 0; sleep 300"))).toMatchObject({
      output: { exitCode: 143 },
    });
    expect(await rig.carryOut(command("echo next"))).toMatchObject({ end: "done" });
    expect(rig.processes()).toEqual([]);
  });

  scenario("may leave something running, which is its own affair", async ({ newRig, expect }) => {
    const rig = await newRig();
    const server = "sleep 300 >/dev/null 2>&1 & echo $! > pids; echo up";
    expect(await rig.carryOut(command(server))).toMatchObject({ output: { stdout: "up" } });
    const [pid = 0] = pidsIn(rig);
    // The same shell has the next ones, one of which has to be ended.
    const [stopped, next] = [
      rig.start(rig.job(command("sleep 300"))),
      rig.carryOut(command("true")),
    ];
    await next;
    stopped.stop("canceled");
    expect(await stopped.end).toEqual({ end: "canceled" });
    expect(isProcessAlive(pid)).toBe(true);
    const noisy = "sleep 300 & echo $! > pids; echo up";
    expect(await rig.carryOut(command(noisy))).toMatchObject({ output: { stdout: "up" } });
    expect(await rig.carryOut(command("true"))).toMatchObject({ end: "done" });
    process.kill(pid, "SIGKILL");
  });

  scenario("sees an end of what it reads", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.carryOut(command("cat; echo read"))).toMatchObject({
      output: { stdout: "read" },
    });
  });
});

describe("what a command prints", () => {
  scenario(
    "is kept to its end, and whole in a file when it is much",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const end = await rig.carryOut(command("seq 100000; seq 50000 >&2"), { key: "work.1.seq" });
      if (end.end !== "done") throw new Error(JSON.stringify(end));
      const folder = `${rig.project.handoffDir}/.flows/01abc/work.1.seq`;
      const sizes: Record<string, number> = { stdout: 588_895, stderr: 288_894 };
      for (const [stream, bytes] of Object.entries(sizes)) {
        const path = `${folder}/${stream}.txt`;
        const content = readFileSync(path);
        expect(content.length).toBe(bytes);
        const sha256 = createHash("sha256").update(content).digest("hex");
        expect(end.output).toMatchObject({ files: { [stream]: { path, bytes, sha256 } } });
        expect(content.toString().trimEnd().endsWith(textIn(end, stream))).toBe(true);
        expect(textIn(end, stream).length).toBeGreaterThan(64 * 1024 - 10);
      }
    },
  );

  scenario("makes no file when it is little", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.carryOut(command("head -c 65536 /dev/zero"));
    expect(existsSync(`${rig.project.handoffDir}/.flows/01abc`)).toBe(false);
  });

  scenario("is taken to its end when it is 1 GB, and kept in part", async ({ newRig, expect }) => {
    const rig = await newRig();
    const end = await rig.carryOut(
      command("head -c 1000000000 /dev/zero | tr '\\0' x; echo; echo the end"),
      { key: "flood" },
    );
    if (end.end !== "done") throw new Error(JSON.stringify(end));
    expect(textIn(end, "stdout").endsWith("xxx\nthe end")).toBe(true);
    const path = `${rig.project.handoffDir}/.flows/01abc/flood/stdout.txt`;
    const content = readFileSync(path);
    expect(content.length).toBeLessThan(64 * 1024 * 1024 + 100);
    expect(content.subarray(-60).toString()).toMatch(
      /x\n\[cut by delegate: 1000000009 bytes were printed\]\n$/,
    );
    expect(process.resourceUsage().maxRSS / 1024).toBeLessThan(700);
  });

  scenario("has no character cut in two", async ({ newRig, expect }) => {
    const rig = await newRig();
    const end = await rig.carryOut(command("echo xé; yes é | head -n 50000 | tr -d '\\n'"));
    expect(end).toMatchObject({ output: { stdout: expect.stringMatching(/^é+$/) } });
  });

  scenario("fails nothing when it can't be kept as a file", async ({ newRig, expect }) => {
    const rig = await newRig();
    mkdirSync(`${rig.project.handoffDir}/.flows`, { recursive: true });
    writeFileSync(`${rig.project.handoffDir}/.flows/01abc`, "in the way");
    const end = await rig.carryOut(command("seq 100000"));
    expect(end).toMatchObject({ end: "done", output: { exitCode: 0 } });
    expect(end).not.toHaveProperty("output.files");
    expect(rig.warnings).toEqual([expect.stringContaining("can't be kept as a file")]);
  });

  scenario("may go straight to its own streams by name", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.carryOut(command("echo a > /dev/stdout; echo b > /dev/stderr"))).toMatchObject(
      {
        output: { stdout: "a", stderr: "b" },
      },
    );
  });
});

describe("a command that has to end", () => {
  scenario(
    "ends with all that it has started when its time is over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const going = rig.start(rig.job(command(family, { timeoutMs: 1_500 })));
      const pids = await hasFamily(rig);
      expect(await going.end).toMatchObject({
        end: "failed",
        failure: { code: "command_failed", message: "the command was ended after its 1.5 s" },
        output: { exitCode: null },
        isRetryable: true,
      });
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
    },
  );

  scenario.for(["canceled", "lost", "leaving"] as const)(
    "ends with all that it has started when it is %s",
    async (reason, { newRig, expect }) => {
      const rig = await newRig();
      const going = rig.start(rig.job(command(family)));
      const pids = await hasFamily(rig);
      going.stop(reason);
      expect(await going.end).toEqual({ end: "canceled" });
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
      expect(await rig.carryOut(command("echo next"))).toMatchObject({ end: "done" });
    },
  );

  scenario("ends also when it does not want to", async ({ newRig, expect }) => {
    const rig = await newRig();
    const line = "trap '' TERM; echo $$ > pids; while :; do sleep 1; done";
    const going = rig.start(rig.job(command(line)));
    await until(() => pidsIn(rig).length === 1, "the command");
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
    expect(rig.processes()).toEqual([]);
  });

  scenario("does not begin when its step is to stop already", async ({ newRig, expect }) => {
    const rig = await newRig();
    // One while its shell is being opened, one that finds it open.
    for (const line of ["touch first", "touch second"]) {
      const going = rig.start(rig.job(command(line)));
      going.stop("canceled");
      expect(await going.end).toEqual({ end: "canceled" });
    }
    expect(await rig.carryOut(command("ls"))).toMatchObject({ output: { stdout: "" } });
  });
});

describe("after a worker was killed", () => {
  scenario(
    "what it has left of a step is ended before the step begins again",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const job = rig.job(command(`test -e again && exec echo again; touch again; ${family}`));
      const other = rig.job(command("sleep 300"));
      const worker = rig.startElsewhere(job);
      const bystander = rig.startElsewhere(other);
      const pids = await hasFamily(rig);
      await until(() => rig.processes().length >= 4, "the other step's command");
      worker.kill("SIGKILL");
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual(pids);
      expect(await rig.start(job).end).toMatchObject({ end: "done", output: { stdout: "again" } });
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
      expect(rig.processes()).toHaveLength(1);
      bystander.kill("SIGKILL");
    },
  );

  scenario("nothing is left of it but what it had begun", async ({ newRig, expect }) => {
    const rig = await newRig();
    const TMPDIR = `${rig.folder}/tmp`;
    mkdirSync(TMPDIR);
    const worker = rig.startElsewhere(rig.job(command("sleep 300")), { TMPDIR });
    await until(() => rig.processes().length === 1, "the command");
    expect(readdirSync(TMPDIR)).toHaveLength(1);
    worker.kill("SIGKILL");
    for (const pid of rig.processes()) process.kill(pid, "SIGKILL");
    await until(() => readdirSync(TMPDIR).length === 0, "the end of the shell");
  });

  scenario(
    "a worker that was only asleep does not end what another has begun since",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const job = rig.job(command(family));
      const asleep = rig.start(job);
      const first = await hasFamily(rig);
      writeFileSync(`${rig.folder}/pids`, "");
      const awake = rig.start({ ...job });
      await until(() => pidsIn(rig).length === 3, "the second execution");
      const second = pidsIn(rig);
      expect(first.filter((pid) => isProcessAlive(pid))).toEqual([]);
      asleep.stop("lost");
      await asleep.end;
      expect(second.filter((pid) => isProcessAlive(pid))).toEqual(second);
      awake.stop("canceled");
      expect(await awake.end).toEqual({ end: "canceled" });
      expect(rig.processes()).toEqual([]);
    },
  );
});

scenario("many commands at once each have their own output", async ({ newRig, expect }) => {
  const rig = await newRig();
  const script = `${rig.folder}/say.sh`;
  writeFileSync(script, "#!/bin/sh\nseq $1 | tail -n 1; echo $1 >&2\n");
  chmodSync(script, 0o700);
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
  const ends = await Promise.all(
    numbers.map((number) => rig.carryOut(command(["./say.sh", `${number}`]))),
  );
  const said = ends.map((end) => (end.end === "done" ? end.output : end));
  expect(said).toEqual(
    numbers.map((number) => ({ exitCode: 0, stdout: `${number}`, stderr: `${number}` })),
  );
});
