import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { describe } from "vitest";
import { isProcessAlive } from "../../../src/system/process-life.ts";
import { family, hasFamily, pidsIn, textIn } from "./commands.ts";
import { executeWith } from "./execute-with.ts";
import { command } from "./rig.ts";
import { scenario } from "./scenario.ts";

/** So many large variables. */
function variables(name: string, count: number): Readonly<Record<string, string>> {
  const each = Array.from({ length: count }, (_, at) => [`${name}${at}`, "x".repeat(120_000)]);
  return Object.fromEntries(each);
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
        hint: "delegate flow show has what it printed",
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

  scenario("reads what it is given, however much that is", async ({ newRig, expect }) => {
    const rig = await newRig();
    const large = "é".repeat(1_000_000);
    const ends = await Promise.all([
      rig.carryOut(command("cat; wc -c", { stdin: "$HOME 'as it is'\n" })),
      rig.carryOut(command(["wc", "-c"], { stdin: large })),
      rig.carryOut(command("true", { stdin: large })),
      rig.carryOut(command("head -c 2 <&0; exit 3", { stdin: large })),
      rig.carryOut(command("cat", { stdin: "" })),
      rig.carryOut(command("no-such-program", { stdin: large })),
      rig.carryOut(command(["no-such-program"], { stdin: large })),
      rig.carryOut(command("cat")),
    ]);
    expect(ends).toMatchObject([
      { end: "done", output: { stdout: "$HOME 'as it is'\n0" } },
      { end: "done", output: { stdout: "2000000" } },
      { end: "done", output: { exitCode: 0 } },
      { end: "failed", output: { exitCode: 3, stdout: "é" } },
      { end: "done", output: { stdout: "" } },
      { end: "failed", output: { exitCode: 127 } },
      { end: "failed", output: { exitCode: 127 } },
      { end: "done", output: { stdout: "" } },
    ]);
  });

  scenario("that reads can be ended with all that it has started", async ({ newRig, expect }) => {
    const rig = await newRig();
    const going = rig.start(rig.job(command(family, { stdin: "x".repeat(1_000_000) })));
    const pids = await hasFamily(rig);
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
    expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
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

  scenario("that gets more than the system takes says what to do", async ({ newRig, expect }) => {
    const rig = await newRig();
    // What is inherited counts, too: only the system knows how much that may be.
    const execute = executeWith(rig.configPath, undefined, {
      ...process.env,
      ...variables("V", 10),
    });
    const tools = { signal: new AbortController().signal, report: () => undefined };
    for (const name of ["OWN", "NOT-FOR-SHELLS"]) {
      const job = rig.job(command(["true"], { env: variables(name, 12) }));
      expect(await execute(job, tools)).toMatchObject({
        end: "failed",
        failure: { code: "command_failed", hint: 'give large values as "stdin"' },
      });
    }
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
      rig.carryOut(command(["echo", ...Array.from({ length: 16 }, () => "x".repeat(100_000))])),
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
      "the variable VALUE is 140006 bytes long, and at most 131071 are possible",
      "the command and its values together are 1600004 bytes long, and at most 1572864 are possible",
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
