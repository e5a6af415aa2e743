import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../src/system/process-life.ts";
import { readJson, Rig, until } from "./rig.ts";

function sh(script: string): { command: readonly string[] } {
  return { command: ["sh", "-c", script] };
}

const writeFile = `printf '{"status":"complete","result":"done"}' > "$DELEGATE_HANDOFF_PATH"`;

let rig: Rig;

beforeAll(async () => {
  rig = new Rig(
    {
      file: sh(writeFile),
      "file-then-fail": sh(`${writeFile}; exit 3`),
      silent: sh("cat > /dev/null"),
      crashing: sh("echo 'it \x1b[31mbroke' >&2; exit 3"),
      "crashing-on-stdout": sh("echo 'no API key'; exit 1"),
      killed: sh("kill -9 $$"),
      working: sh(`printf '{"status":"working","notes":"half"}' > "$DELEGATE_HANDOFF_PATH"`),
      empty: sh(`: > "$DELEGATE_HANDOFF_PATH"`),
      missing: { command: ["no-such-program-anywhere"] },
      "not-executable": { command: ["./config.json"] },
      "no-folder": { command: ["true"], cwd: "/no/such/folder" },
      "file-as-folder": { command: ["true"], cwd: "/dev/null" },
      "no-variable": { command: ["true"], env: { KEY: { env: "NO_SUCH_VARIABLE_ANYWHERE" } } },
      "flood-file": sh(`head -c 500000000 /dev/zero; ${writeFile}`),
      "deaf-to-stdin": sh(`exec 0<&-; ${writeFile}`),
      "closes-stdout": sh(`exec 1>&- 2>&-; sleep 0.1; ${writeFile}`),
      environment: sh(
        `env > env.txt; cat > message.txt; delegate a b > launched.txt; ${writeFile}`,
      ),
      text: { ...sh("cat | tail -1; printf '\\033[1mbold\\033[0m\\n'"), handoff: "stdout" },
      json: { ...sh(`echo '{"status":"blocked","result":"which?"}'`), handoff: "stdout" },
      fenced: {
        ...sh('printf \'Here:\\n```json\\n{"status":"partial","result":"half"}\\n```\\n\''),
        handoff: "stdout",
      },
      "prints-nothing": { ...sh("exit 0"), handoff: "stdout" },
      "prints-and-fails": { ...sh("echo so far; echo oh >&2; exit 4"), handoff: "stdout" },
      "prints-and-writes": { ...sh(`echo chatter; ${writeFile}`), handoff: "stdout" },
      "flood-stdout": { ...sh("exec yes"), handoff: "stdout", maxOutputBytes: 100_000 },
      argument: { command: ["printf", "%s"], prompt: "argument", handoff: "stdout" },
      "child-in-group": sh(`sleep 300 & echo $! > child.pid; ${writeFile}`),
      "child-in-session": sh(`setsid sleep 301 & echo $! > session.pid; ${writeFile}`),
      "stubborn-child-in-session": sh(
        `setsid sh -c 'trap "" TERM; echo $$ > stubborn.pid; while :; do sleep 0.1; done' &
         until [ -s stubborn.pid ]; do sleep 0.05; done; ${writeFile}`,
      ),
      "folder-in-the-way": sh(`mkdir "$DELEGATE_HANDOFF_PATH"`),
      "link-in-the-way": sh(`echo mine > mine.txt; ln -s "$PWD/mine.txt" "$DELEGATE_HANDOFF_PATH"`),
      "pipe-in-the-way": sh(`mkfifo "$DELEGATE_HANDOFF_PATH"`),
      stubborn: sh(`trap '' TERM; while :; do sleep 0.1; done`),
      sleeper: sh("sleep 302; :"),
      waiting: sh(`until [ -e "$DELEGATE_RUN_ID.go" ]; do sleep 0.02; done; ${writeFile}`),
    },
    {},
    { graceMs: 300 },
  );
  await rig.address();
});

afterAll(() => rig.dispose());

describe("an agent that writes its file", () => {
  it("has its own handoff left alone", async () => {
    expect(await rig.run("file", "own-1")).toEqual({
      completion: "ok",
      handoff: { status: "complete", result: "done" },
    });
  });

  it("keeps its handoff also when it fails afterwards, but the completion says error", async () => {
    const { completion, handoff } = await rig.run("file-then-fail", "own-2");
    expect(completion).toBe("error");
    expect(handoff).toMatchObject({ status: "complete" });
  });

  it.each(["deaf-to-stdin", "closes-stdout"])("may be %s", async (agent) => {
    const { completion, handoff } = await rig.run(agent, agent);
    expect(completion).toBe("ok");
    expect(handoff).toMatchObject({ status: "complete" });
  });

  it.runIf(process.platform === "linux")(
    "may print 500 MB without growing the gateway",
    async () => {
      const { pid } = await rig.address();
      const before = residentMiB(pid);
      expect((await rig.run("flood-file", "flood-1")).completion).toBe("ok");
      expect(residentMiB(pid) - before).toBeLessThan(150);
    },
  );
});

describe("an agent that ends without a handoff gets a failed one", () => {
  it.each([
    ["silent", "the command exited with code 0 without a handoff"],
    ["crashing", "the command exited with code 3 without a handoff: it broke"],
    ["killed", "the command was killed by SIGKILL"],
    ["working", "the command exited with code 0 without a handoff, only with a sign of life"],
    ["empty", "the command exited with code 0 without a handoff"],
    ["missing", "command not found: no-such-program-anywhere"],
    ["not-executable", "the command may not be executed: config.json"],
    ["no-folder", "the command's working directory is no folder: /no/such/folder"],
    ["file-as-folder", "the command's working directory is no folder: /dev/null"],
    [
      "no-variable",
      "the variable NO_SUCH_VARIABLE_ANYWHERE is not set in the environment of the local gateway",
    ],
    ["prints-nothing", "the command printed nothing"],
    ["prints-and-fails", "the command exited with code 4: oh"],
    ["flood-stdout", "the command printed more than 100000 bytes and was ended"],
  ])("%s: %s", async (agent, result) => {
    const { completion, handoff } = await rig.run(agent, `none-${agent}`);
    expect(completion).toBe("error");
    expect(handoff).toMatchObject({
      schemaVersion: "1.1",
      runId: `none-${agent}`,
      agent,
      status: "failed",
      result,
      confidence: "low",
    });
  });

  it("with the end of stderr, free of control characters, in its notes", async () => {
    const { handoff } = await rig.run("crashing", "notes-1");
    expect(handoff?.["notes"]).toBe("it broke");
  });

  it("with the end of stdout when that is all that was said", async () => {
    const { handoff } = await rig.run("crashing-on-stdout", "notes-2");
    expect(handoff?.["notes"]).toBe("no API key");
  });

  it("with both when what is printed is the work", async () => {
    const { handoff } = await rig.run("prints-and-fails", "notes-3");
    expect(handoff?.["notes"]).toBe("oh\n\nso far");
  });

  it("with what to do when the program is not there", async () => {
    const { handoff } = await rig.run("missing", "notes-4");
    expect(handoff?.["notes"]).toContain('"agents.missing.command"');
  });

  it("in a file that only the user can read, and nothing besides it", async () => {
    await rig.run("silent", "mode-1");
    const folder = `${rig.handoffDir}/mode-1`;
    expect(readdirSync(folder)).toEqual(["attempt-1.json"]);
    expect(statSync(`${folder}/attempt-1.json`).mode & 0o777).toBe(0o600);
  });

  it.each(["link-in-the-way", "pipe-in-the-way"])("in place of a %s", async (agent) => {
    const { handoff } = await rig.run(agent, agent);
    expect(handoff).toMatchObject({ status: "failed" });
    expect(statSync(`${rig.handoffDir}/${agent}/attempt-1.json`).isFile()).toBe(true);
    if (agent.startsWith("link")) {
      expect(readFileSync(`${rig.folder}/mine.txt`, "utf8")).toBe("mine\n");
    }
  });

  it("unless it can't be written; then nothing else is left there", async () => {
    const { message } = rig.newRun("folder-1");
    const agentId = "folder-in-the-way";
    const reply = await rig.post({ agentId, message, waitForCompletion: true });
    expect(reply.json["completion"]).toMatchObject({
      status: "error",
      handoffError: expect.stringContaining("EISDIR"),
    });
    expect(readdirSync(`${rig.handoffDir}/folder-1`)).toEqual(["attempt-1.json"]);
    expect(rig.log()).toContain('"handoff":"not_written"');
  });

  it("unless the run's folder is gone", async () => {
    const { message } = rig.newRun("gone-1");
    rmSync(`${rig.handoffDir}/gone-1`, { recursive: true });
    const reply = await rig.post({ agentId: "silent", message, waitForCompletion: true });
    expect(reply.json["completion"]).toMatchObject({ status: "error" });
    expect(existsSync(`${rig.handoffDir}/gone-1`)).toBe(false);
  });
});

describe("an agent that prints its work", () => {
  it("has text wrapped", async () => {
    const { completion, handoff } = await rig.run("text", "text-1");
    expect(completion).toBe("ok");
    expect(handoff).toMatchObject({
      schemaVersion: "1.1",
      runId: "text-1",
      agent: "text",
      status: "complete",
      result: "do itbold",
      confidence: "medium",
      deliverable: { type: "document", path: null },
    });
  });

  it.each([
    ["json", "blocked", "which?"],
    ["fenced", "partial", "half"],
  ])("has a handoff that it printed taken as it is: %s", async (agent, status, result) => {
    const { completion, handoff } = await rig.run(agent, `printed-${agent}`);
    expect(completion).toBe("ok");
    expect(handoff).toMatchObject({ status, result, runId: `printed-${agent}`, agent });
  });

  it("may write the file itself instead", async () => {
    const { handoff } = await rig.run("prints-and-writes", "printed-own");
    expect(handoff).toEqual({ status: "complete", result: "done" });
  });

  it("may get the message as its last argument", async () => {
    const { message, handoffPath } = rig.newRun("argument-1", "task of the argument");
    await rig.post({ agentId: "argument", message, waitForCompletion: true });
    expect(readJson(handoffPath)?.["result"]).toContain("task of the argument");
  });

  it("is told when the message is too long for an argument", async () => {
    const { message, handoffPath } = rig.newRun("argument-2", "x".repeat(140_000));
    await rig.post({ agentId: "argument", message, waitForCompletion: true });
    expect(readJson(handoffPath)?.["result"]).toMatch(/^the message is \d+ bytes long/);
  });
});

describe("a command", () => {
  it("finds its run in its environment, the message on stdin, and delegate in its PATH", async () => {
    const { handoffPath, message } = rig.newRun("env-1");
    await rig.post({ agentId: "environment", message, waitForCompletion: true });
    const lines = readFileSync(`${rig.folder}/env.txt`, "utf8").split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "DELEGATE_RUN_ID=env-1",
        "DELEGATE_PARENT_RUN=env-1",
        "DELEGATE_AGENT=environment",
        "DELEGATE_CALLER=environment",
        `DELEGATE_HANDOFF_PATH=${handoffPath}`,
        `DELEGATE_CONFIG=${rig.configPath}`,
      ]),
    );
    expect(readFileSync(`${rig.folder}/message.txt`, "utf8")).toBe(message);
    expect(readFileSync(`${rig.folder}/launched.txt`, "utf8")).toBe("launched a b\n");
  });

  it.each([
    ["outside of the handoff folder", "/victim/attempt-1.json"],
    ["in another run's folder", "/handoffs/other/attempt-1.json"],
    ["out of the run's folder", "/handoffs/bad-1/../../victim/attempt-1.json"],
  ])("runs without a handoff path when the message names one %s", async (_, place) => {
    mkdirSync(`${rig.folder}/victim`, { recursive: true });
    mkdirSync(`${rig.handoffDir}/other`, { recursive: true });
    mkdirSync(`${rig.handoffDir}/bad-1`, { recursive: true });
    const message = `[ORCHESTRATED TASK — run_id: bad-1]\n${rig.folder}${place}\n\ndo it`;
    const reply = await rig.post({ agentId: "silent", message, waitForCompletion: true });
    expect(reply.json["completion"]).toMatchObject({ status: "ok" });
    expect(existsSync(rig.folder + place)).toBe(false);
  });

  it("runs on a message that is none of ours", async () => {
    const reply = await rig.post({ agentId: "silent", message: "hi", waitForCompletion: true });
    expect(reply.json["completion"]).toMatchObject({ status: "ok" });
  });

  it("takes the children that it left in its group with it", async () => {
    expect((await rig.run("child-in-group", "tree-1")).completion).toBe("ok");
    expect(isProcessAlive(pidIn("child.pid"))).toBe(false);
  });

  it.runIf(process.platform === "linux")("takes a child with it that left the group", async () => {
    expect((await rig.run("child-in-session", "tree-2")).completion).toBe("ok");
    expect(isProcessAlive(pidIn("session.pid"))).toBe(false);
  });

  it.runIf(process.platform === "linux")("takes one with it that does not listen", async () => {
    expect((await rig.run("stubborn-child-in-session", "tree-3")).completion).toBe("ok");
    expect(isProcessAlive(pidIn("stubborn.pid"))).toBe(false);
  });

  it("is ended after timeoutSeconds, and nothing is written", async () => {
    const { completion, handoff } = await rig.run("sleeper", "time-1", { timeoutSeconds: 1 });
    expect(completion).toBe("error");
    expect(handoff).toBeNull();
    const left = await rig.processesLeft();
    expect(left.filter((line) => line.includes("DELEGATE_RUN_ID=time-1"))).toEqual([]);
  });

  it("is killed when it does not listen", async () => {
    const { completion } = await rig.run("stubborn", "time-2", { timeoutSeconds: 1 });
    expect(completion).toBe("error");
  });

  it("goes on when the caller that waits goes away", async () => {
    const { handoffPath, message } = rig.newRun("left-1");
    const { origin, token } = await rig.address();
    const aborting = new AbortController();
    const call = fetch(`${origin}/hooks/agent`, {
      method: "POST",
      headers: { authorization: `Bearer ${token.reveal()}` },
      body: JSON.stringify({ agentId: "waiting", message, waitForCompletion: true }),
      signal: aborting.signal,
    });
    await until(() => rig.log().includes('"runId":"left-1"'));
    aborting.abort();
    await expect(call).rejects.toThrow();
    writeFileSync(`${rig.folder}/left-1.go`, "");
    expect(await until(() => readJson(handoffPath))).toMatchObject({ status: "complete" });
  });
});

it("the log holds neither the token nor a message", async () => {
  const { token } = await rig.address();
  expect(rig.log()).not.toContain(token.reveal());
  expect(rig.log()).not.toContain("do it");
});

function pidIn(name: string): number {
  return Number(readFileSync(`${rig.folder}/${name}`, "utf8"));
}

function residentMiB(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024;
}
