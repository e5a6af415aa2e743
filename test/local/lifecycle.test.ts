import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { listenOnLoopback } from "../rig/loopback.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import { checkLocalGateway } from "../../src/local/ensure-gateway.ts";
import { readLocalGateway } from "../../src/local/find-gateway.ts";
import { isProcessAlive } from "../../src/system/process-life.ts";
import { stopLocalGateway } from "../../src/local/stop-gateway.ts";
import { isHealthy, readJson, Rig, until } from "./rig.ts";

const sleeper = { command: ["sh", "-c", "echo $$ > sleeper.pid; sleep 304; :"] };

let rigs: Rig[] = [];

function newRig(...parts: ConstructorParameters<typeof Rig>): Rig {
  const rig = new Rig(...parts);
  rigs.push(rig);
  return rig;
}

afterEach(async () => {
  const all = rigs;
  rigs = [];
  for (const rig of all) await rig.dispose();
});

describe("starting", () => {
  it("five callers at once end up with one gateway", async () => {
    const rig = newRig({ sleeper });
    const found = await Promise.all(Array.from({ length: 5 }, () => rig.ensure()));
    const pids = new Set(found.map((one) => (one.ok ? one.value.pid : one.failure.message)));
    expect(pids.size).toBe(1);
    await until(async () => (await rig.processesLeft()).length === 1);
  });

  it("also when nobody says that he is starting it", async () => {
    const rig = newRig({ sleeper });
    const [program = "", ...args] = rig.startCommand;
    const children = Array.from({ length: 3 }, () => {
      const child = spawn(program, args, { stdio: "ignore" });
      return { pid: child.pid, exit: once(child, "exit") };
    });
    const { pid } = await rig.address();
    const others = children.filter((child) => child.pid !== pid);
    const exits = await Promise.all(others.map(({ exit }) => exit));
    expect(exits).toEqual(others.map(() => [0, null]));
  });

  it("ends the process that it began when another one was faster", async () => {
    const rig = newRig({ sleeper });
    const [program = "", ...args] = rig.startCommand;
    const slow = `echo $$ > ${rig.folder}/slow.pid; exec sleep 305`;
    Object.defineProperty(rig, "startCommand", { value: ["sh", "-c", slow] });
    const found = rig.ensure();
    await until(() => existsSync(`${rig.folder}/slow.pid`));
    spawn(program, args, { stdio: "ignore" });
    expect(await found).toMatchObject({ ok: true });
    const pid = Number(readFileSync(`${rig.folder}/slow.pid`, "utf8"));
    await until(() => !isProcessAlive(pid));
  });

  it("takes over from a starter that has died", async () => {
    const rig = newRig({ sleeper });
    mkdirSync(rig.paths.folder, { recursive: true });
    writeFileSync(rig.paths.starting, "");
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(rig.paths.starting, longAgo, longAgo);
    expect(await rig.ensure()).toMatchObject({ ok: true });
    expect(existsSync(rig.paths.starting)).toBe(false);
  });

  it("keeps its folder and files to the user", async () => {
    const rig = newRig({ sleeper });
    await rig.address();
    expect(statSync(rig.paths.folder).mode & 0o777).toBe(0o700);
    expect(statSync(rig.paths.published).mode & 0o777).toBe(0o600);
    expect(statSync(rig.paths.log).mode & 0o777).toBe(0o600);
  });

  it("tells its state", async () => {
    const rig = newRig({ sleeper });
    expect(await checkLocalGateway(rig.config, isHealthy)).toEqual({ kind: "stopped" });
    const { pid } = await rig.address();
    expect(await checkLocalGateway(rig.config, isHealthy)).toMatchObject({
      kind: "running",
      gateway: { pid, version: "0.0.0-test" },
    });
  });

  it("does not take the caller's own run for its own", async () => {
    const rig = newRig({ env: { command: ["sh", "-c", "env > env.txt"] } });
    await rig.ensure({ ...process.env, DELEGATE_RUN_ID: "theirs", DELEGATE_HANDOFF_PATH: "/x" });
    await rig.post({ message: "hi", waitForCompletion: true });
    expect(readFileSync(`${rig.folder}/env.txt`, "utf8")).not.toMatch(/DELEGATE_(RUN_ID|HANDOFF)/);
  });

  it("says why it could not, in the words of the gateway", async () => {
    const rig = newRig({ sleeper });
    rig.writeConfig("{");
    const found = await rig.ensure();
    expect(found).toMatchObject({
      ok: false,
      failure: {
        code: "unreachable",
        message: expect.stringMatching(/ended with code 2: .*config\.json is not JSON/),
      },
    });
  });

  it("says so when the program is not there", async () => {
    const rig = newRig({ sleeper });
    Object.defineProperty(rig, "startCommand", { value: ["/no/such/program"] });
    expect(await rig.ensure()).toMatchObject({ ok: false, failure: { code: "unreachable" } });
  });

  it("does not take another server on a dead gateway's port for the gateway", async () => {
    const rig = newRig({ sleeper });
    const { pid } = await rig.address();
    const published = readFileSync(rig.paths.published, "utf8");
    process.kill(pid, "SIGKILL");
    await until(() => !isProcessAlive(pid));
    const server = createServer((_, answer) => answer.end("hello"));
    const port = await listenOnLoopback(server);
    writeFileSync(
      rig.paths.published,
      JSON.stringify({
        ...JSON.parse(published),
        url: `http://127.0.0.1:${port}`,
        pid: process.pid,
      }),
    );
    expect(readLocalGateway(rig.config)).toBeNull();
    const next = await rig.address();
    expect(next.origin).not.toContain(`:${port}`);
    server.close();
  });
});

describe("leaving", () => {
  it("when nobody asked for a while, and takes its address back", async () => {
    const rig = newRig({ sleeper }, { idleSeconds: 0.2 });
    const { pid } = await rig.address();
    await until(() => !isProcessAlive(pid));
    expect(readLocalGateway(rig.config)).toBeNull();
    expect(rig.log()).toContain('"because":"idle"');
  });

  it("not while an agent works", async () => {
    const rig = newRig(
      { slow: { command: ["sh", "-c", "sleep 1.2; echo done"], handoff: "stdout" } },
      { idleSeconds: 0.1 },
    );
    // It may have left again before it was asked.
    const ask = () => rig.post({ message: "hi", waitForCompletion: true }).catch(() => null);
    const reply = await until(ask);
    expect(reply.json["completion"]).toMatchObject({ status: "ok" });
  });

  it("when its address was taken away and nothing runs", async () => {
    const rig = newRig({ sleeper }, {}, { lookMs: 50 });
    const { pid } = await rig.address();
    unlinkSync(rig.paths.published);
    await until(() => !isProcessAlive(pid));
  });

  it("when its whole folder is gone", async () => {
    const rig = newRig({ sleeper }, {}, { lookMs: 50 });
    const { pid } = await rig.address();
    rmSync(rig.handoffDir, { recursive: true });
    await until(() => !isProcessAlive(pid));
  });
});

describe("stopping", () => {
  it("ends the agents, says so in their handoffs, and answers who waits", async () => {
    const rig = newRig({ sleeper }, {}, { graceMs: 300 });
    const { message, handoffPath } = rig.newRun("stop-1");
    const held = rig.post({ message, waitForCompletion: true });
    const agent = await until(() => pidIn(rig, "sleeper.pid"));
    const { pid } = await rig.address();
    expect(await stopLocalGateway(rig.config, PATIENCE_MS)).toEqual({ ok: true, value: { pid } });
    expect(await held).toMatchObject({ status: 200, json: { completion: { status: "error" } } });
    expect(readJson(handoffPath)).toMatchObject({
      status: "failed",
      result: "the local gateway was stopped, and the command with it",
    });
    expect([isProcessAlive(pid), isProcessAlive(agent)]).toEqual([false, false]);
    expect(readLocalGateway(rig.config)).toBeNull();
  });

  it("refuses those who still wait for a place, and new ones, with 503", async () => {
    const rig = newRig(
      {
        stubborn: {
          command: ["sh", "-c", "trap '' TERM; echo $$ > sleeper.pid; while :; do sleep 0.1; done"],
        },
      },
      { maxConcurrent: 1 },
      { graceMs: PATIENCE_MS },
    );
    await rig.post({ message: "one" });
    const agent = await until(() => pidIn(rig, "sleeper.pid"));
    const waiting = rig.post({ message: "two" });
    await until(() => rig.log().includes("run_queued"));
    process.kill((await rig.address()).pid, "SIGTERM");
    const unavailable = {
      status: 503,
      json: { error: expect.objectContaining({ code: "gateway_unavailable" }) },
    };
    expect(await waiting).toEqual(unavailable);
    expect(await rig.post({ message: "three" })).toEqual(unavailable);
    process.kill(-agent, "SIGKILL");
  });

  it("does nothing when there is none", async () => {
    const rig = newRig({ sleeper });
    expect(await stopLocalGateway(rig.config, PATIENCE_MS)).toEqual({
      ok: true,
      value: { pid: null },
    });
  });
});

describe("after kill -9", () => {
  it("the next call gets a new gateway, and on Linux the lost agents are ended", async () => {
    const rig = newRig({ sleeper }, {}, { graceMs: 300 });
    const { message } = rig.newRun("kill-1");
    await rig.post({ message });
    const agent = await until(() => pidIn(rig, "sleeper.pid"));
    const { pid } = await rig.address();
    process.kill(pid, "SIGKILL");
    await until(() => !isProcessAlive(pid));
    const next = await rig.address();
    expect(next.pid).not.toBe(pid);
    if (process.platform !== "linux") process.kill(-agent, "SIGKILL");
    await until(() => !isProcessAlive(agent));
  });

  it.runIf(process.platform === "linux")("also those of them without an environment", async () => {
    const line = "env -i sleep 306 & echo $! > bare.pid; exec sleep 306";
    const rig = newRig({ sleeper: { command: ["sh", "-c", line] } }, {}, { graceMs: 300 });
    const { message } = rig.newRun("kill-2");
    await rig.post({ message });
    const bare = await until(() => pidIn(rig, "bare.pid"));
    await until(() => readFileSync(`/proc/${bare}/cmdline`, "utf8").startsWith("sleep"));
    const { pid } = await rig.address();
    process.kill(pid, "SIGKILL");
    await until(() => !isProcessAlive(pid));
    await rig.address();
    await until(() => !isProcessAlive(bare));
  });
});

describe("after kill -9, when the new gateway is stopped at once", () => {
  it.runIf(process.platform === "linux")("lost agents are ended all the same", async () => {
    const line = "trap '' TERM; echo $$ > stubborn.pid; while :; do sleep 0.1; done";
    const rig = newRig({ sleeper: { command: ["sh", "-c", line] } }, {}, { graceMs: 1000 });
    const { message } = rig.newRun("kill-3");
    await rig.post({ message });
    const agent = await until(() => pidIn(rig, "stubborn.pid"));
    const { pid } = await rig.address();
    process.kill(pid, "SIGKILL");
    await until(() => !isProcessAlive(pid));
    await rig.address();
    expect(await stopLocalGateway(rig.config, PATIENCE_MS)).toMatchObject({ ok: true });
    const isLeft = isProcessAlive(agent);
    if (isLeft) process.kill(-agent, "SIGKILL");
    expect(isLeft).toBe(false);
  });
});

describe("the config", () => {
  it("is read again when it has changed, also when it can't be read any more", async () => {
    const rig = newRig({ sleeper });
    const greeter = { command: ["echo", "hello"], handoff: "stdout" } as const;
    await rig.address();
    const other = newRig({ greeter });
    rig.writeConfig(JSON.stringify({ ...rig.config, agents: other.config.agents }));
    expect((await rig.post({ message: "hi", agentId: "greeter" })).status).toBe(200);
    rig.writeConfig("{");
    expect(await rig.post({ message: "hi", agentId: "greeter" })).toEqual({
      status: 500,
      json: { ok: false, error: `${rig.configPath} is not JSON` },
    });
    expect(await isHealthy((await rig.address()).origin)).toBe(true);
  });
});

function pidIn(rig: Rig, name: string): number | null {
  try {
    return Number(readFileSync(`${rig.folder}/${name}`, "utf8")) || null;
  } catch {
    return null;
  }
}
