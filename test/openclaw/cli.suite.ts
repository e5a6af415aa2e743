import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { launcher, Project } from "./delegate-cli.ts";
import { begunTasks, readRig, taskBegun, taskGivenUp } from "./rig.ts";

const rig = readRig();
const url = rig.origin;
const token = { file: "hook.token" };
/** Whoever waits for the end of this time has failed. */
const forHours = ["--timeout", "7200"];
const mapped = { url, token, hookPath: "/hooks/delegate/researcher", agentId: "researcher" };

let project: Project;
beforeAll(async () => {
  project = await Project.create(rig, "cli", {
    agents: {
      main: { url, token },
      researcher: { url, token },
      mapped,
      ghost: { url, token },
      locked: { url, token },
      "no-hook": { url, token, hookPath: "/nothing/here", agentId: "main" },
      "wrong-token": { url, token: { file: "wrong.token" }, agentId: "main" },
      down: { url: "http://127.0.0.1:1", token },
    },
    acl: { main: ["researcher"] },
    retry: { baseMs: 100 },
  });
});

describe("a delegation to an OpenClaw agent that has nothing else to do", () => {
  test("asks for its health, and comes back with the validated result as one JSON document", async () => {
    const end = await project.startAsIs(["main", "Say something."]).ended;
    expect(end).toMatchObject({ exitCode: 0 });
    const outcome = end.json();
    expect(outcome).toMatchObject({
      status: "complete",
      agent: "main",
      attempts: 1,
      confidence: "high",
      deliverable: { type: "analysis" },
      latencyMs: expect.any(Number),
      runId: expect.any(String),
    });
    expect(outcome["result"]).toBe(`Result of ${String(outcome["runId"])}.`);
  });
});

describe.concurrent("a delegation to an OpenClaw agent", () => {
  test("comes back with the bare result as text", async () => {
    const end = await project.delegate("main", "Say something.", "--format", "text");
    expect(end).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Result of \S+\.\n$/),
    });
  });

  test("works when the agent writes with a shell command", async () => {
    const end = await project.delegate("researcher", "FAKE:exec");
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.json()).toMatchObject({ status: "complete", agent: "researcher" });
  });

  test("works through a mapped hook, where the task is not wrapped as untrusted", async () => {
    const end = await project.delegate("mapped", "Say something through a mapping.");
    expect(end).toMatchObject({ exitCode: 0 });
    const runId = String(end.json()["runId"]);
    const [task] = await begunTasks(rig, runId);
    expect(task).toContain("Say something through a mapping.");
    expect(task).not.toContain("EXTERNAL_UNTRUSTED_CONTENT");
  });

  test("is sent again, with what was wrong, when the handoff was no JSON", async () => {
    const end = await project.delegate("main", "FAKE:bad-json-once", "--retries", "2");
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.json()).toMatchObject({ status: "complete", attempts: 2 });
    const tasks = await begunTasks(rig, String(end.json()["runId"]));
    expect(tasks).toHaveLength(2);
    expect(tasks[1]).toContain("What was wrong with attempt 1");
    expect(tasks[1]).toContain("/attempt-2.json");
  });

  test("begins one agent run when two processes ask for the same run", async () => {
    const args = ["main", "FAKE:until=go", "--run-id", "asked-twice"];
    const both = [project.delegate(...args), project.delegate(...args)];
    await taskBegun(rig, "run_id: asked-twice]");
    await project.letGo("asked-twice");
    const ends = await Promise.all(both);
    expect(ends).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(ends.map((end) => end.json()["status"])).toEqual(["complete", "complete"]);
    expect(await begunTasks(rig, "run_id: asked-twice]")).toHaveLength(1);
  });

  test("can be left at once and waited for later", async () => {
    const sent = await project.delegate("main", "FAKE:until=go", "--no-wait");
    expect(sent).toMatchObject({ exitCode: 0 });
    const { status, runId } = sent.json();
    expect(status).toBe("sent");
    const waiting = project.delegate("wait", String(runId));
    await project.letGo(String(runId));
    const end = await waiting;
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.json()).toMatchObject({ status: "complete", runId });
  });

  test("can be waited for after its process was killed", async () => {
    const { child, ended } = project.start("main", "FAKE:until=go", "--run-id", "orphan");
    await taskBegun(rig, "run_id: orphan]");
    child.kill("SIGKILL");
    await ended;
    const waiting = project.delegate("wait", "orphan");
    await project.letGo("orphan");
    const end = await waiting;
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.json()).toMatchObject({ status: "complete" });
    expect(await begunTasks(rig, "run_id: orphan]")).toHaveLength(1);
  });

  test("can be made by an agent from its own exec tool", async () => {
    const args = `researcher "Say something to main." --caller main --format text`;
    const inner = `'${process.execPath}' '${launcher}' ${args} --config '${project.configPath}'`;
    const end = await project.delegate("main", `FAKE:run=${inner}`);
    expect(end).toMatchObject({ exitCode: 0 });
    const { result, runId } = end.json();
    expect(result).toMatch(/^Result of \S+\./);
    expect(result).not.toContain(String(runId));
  });
});

describe.concurrent("where an agent may write", () => {
  const fenced = { url, token };

  test("only in its workspace: a handoff folder elsewhere gets no handoff", async () => {
    const outside = await Project.create(rig, "outside", { agents: { fenced } });
    const end = await outside.delegate("fenced", "Say something.", ...forHours);
    expect(end).toMatchObject({ exitCode: 5 });
    expect(end.json()).toMatchObject({ error: { code: "no_handoff" } });
  });

  test("only in its workspace: a handoff folder in there works", async () => {
    const handoffDir = join(rig.fencedWorkspace, "handoffs");
    const inside = await Project.create(rig, "inside", { agents: { fenced }, handoffDir });
    const end = await inside.delegate("fenced", "Say something.");
    expect(end).toMatchObject({ exitCode: 0 });
  });

  test("where it sees the same folder under another path, that path is named to it", async () => {
    const agentHandoffDir = join(rig.folder, "seen-by-the-agent");
    const agents = { main: { url, token, agentHandoffDir } };
    const elsewhere = await Project.create(rig, "elsewhere", { agents });
    await symlink(join(elsewhere.folder, "handoffs"), agentHandoffDir);
    const end = await elsewhere.delegate("main", "Say something.");
    expect(end).toMatchObject({ exitCode: 0 });
    const [task] = await begunTasks(rig, String(end.json()["runId"]));
    expect(task).toContain(`\n${agentHandoffDir}/${String(end.json()["runId"])}/attempt-1.json\n`);
  });
});

describe.concurrent("a delegation that comes to nothing says why", () => {
  test.each([
    ["FAKE:failed", 1, "failed", "agent_failed"],
    ["FAKE:bad-json", 5, "malformed", "malformed"],
    ["FAKE:missing", 5, "malformed", "invalid"],
    ["FAKE:wrong-run", 5, "malformed", "invalid"],
    ["FAKE:no-file", 5, "error", "no_handoff"],
    ["FAKE:crash", 5, "error", "no_handoff"],
  ])("%s ends long before its time with exit code %i", async (task, exitCode, status, code) => {
    const end = await project.delegate("main", task, ...forHours);
    expect(end).toMatchObject({ exitCode });
    expect(end.json()).toMatchObject({ status, agent: "main", error: { code } });
  });

  test("an agent that takes too long: exit code 3, and no file comes afterwards", async () => {
    const end = await project.delegate("main", "FAKE:until=never", "--timeout", "2");
    expect(end).toMatchObject({ exitCode: 3 });
    expect(end.json()).toMatchObject({ status: "timeout", error: { code: "timeout" } });
    const runId = String(end.json()["runId"]);
    await taskGivenUp(rig, `run_id: ${runId}]`);
    const folder = join(project.folder, "handoffs", runId);
    expect(existsSync(join(folder, "attempt-1.json"))).toBe(false);
  });

  test("a mapped hook tells of no end, so only the time ends the wait", async () => {
    const end = await project.delegate("mapped", "FAKE:no-file", "--timeout", "4");
    expect(end).toMatchObject({ exitCode: 3 });
    expect(end.json()).toMatchObject({ error: { code: "timeout" } });
  });

  test.each([
    ["wrong-token", "unauthorized", "hooks.token"],
    ["ghost", "send_failed", 'unknown agentId "ghost"'],
    ["locked", "send_failed", "hooks.allowedAgentIds"],
    ["no-hook", "send_failed", "404"],
    ["down", "unreachable", "connection refused"],
  ])("%s: exit code 6, %s", async (agent, code, words) => {
    const end = await project.delegate(agent, "Say something.", ...forHours);
    expect(end).toMatchObject({ exitCode: 6 });
    expect(end.json()).toMatchObject({ status: "error", agent, error: { code } });
    expect(JSON.stringify(end.json()["error"]).replaceAll(String.raw`\"`, '"')).toContain(words);
    expect(end.stdout + end.stderr).not.toMatch(new RegExp(`${rig.hookToken}|not-the-token`));
  });

  test("a caller that may not: exit code 4, and nothing is sent", async () => {
    const end = await project.delegate("main", "Say what was denied.", "--caller", "researcher");
    expect(end).toMatchObject({ exitCode: 4 });
    expect(end.json()).toMatchObject({ error: { code: "acl_denied" } });
    expect(await begunByNow("Say what was denied.")).toEqual([]);
  });
});

describe("delegate doctor", () => {
  test("finds nothing wrong, and begins no agent run", async () => {
    const healthy = await Project.create(rig, "doctor", {
      agents: { main: { url, token }, researcher: { url, token }, mapped },
    });
    const end = await healthy.delegate("doctor");
    expect(end).toMatchObject({ exitCode: 0 });
    for (const name of ["main", "researcher", "mapped"]) expect(end.stdout).toContain(name);
    expect(end.stdout).not.toMatch(/\bfail\b/);
    expect(await begunWithoutDelegation()).toEqual([]);
  });

  test("fails for a wrong token, a wrong path and a gateway that is down", async () => {
    const end = await project.delegate("doctor");
    expect(end).toMatchObject({ exitCode: 1 });
    const failing = end.stdout.split("\n").filter((line) => /\bfail\b/.test(line));
    for (const name of ["wrong-token", "no-hook", "down"]) {
      expect(failing.join("\n")).toContain(name);
    }
    expect(await begunWithoutDelegation()).toEqual([]);
  });
});

/**
 * The tasks that are of no run. Those of runs don't count, since the gateway may begin one after its delegation's time; nor
 * do the heartbeats that it gives its agents by itself.
 */
async function begunWithoutDelegation(): Promise<string[]> {
  const tasks = await begunByNow("");
  return tasks.filter((task) => !/run_id: |heartbeat monitor/.test(task));
}

/** The tasks with a text. A delegation goes first, so that what was asked of the gateway before has begun as well. */
async function begunByNow(containing: string): Promise<string[]> {
  expect(await project.delegate("main", "Say something.")).toMatchObject({ exitCode: 0 });
  return begunTasks(rig, containing);
}
