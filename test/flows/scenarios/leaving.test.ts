import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { MOST_TAKEOVERS } from "../../../src/flows/tasks/recover.ts";
import { isProcessAlive } from "../../../src/system/process-life.ts";
import { hasSaid } from "../../rig/has-said.ts";
import { isUnderWay } from "../../rig/is-under-way.ts";
import { killGateway } from "../../rig/local-gateway.ts";
import { until } from "../../rig/until.ts";
import type { FlowProject } from "./project.ts";
import { documentOf, flowScenario } from "./project.ts";

/** Its second step goes on as soon as there is a file. */
const slow = `
steps:
  first: { run: "echo x >> first" }
  second: { run: "echo x >> second; until test -e go; do sleep 0.05; done", needs: first }
  third: { run: "echo x >> third", needs: second }
report: done
`;

async function startSlow(project: FlowProject, more: readonly string[] = []) {
  project.writeFlow("slow", slow);
  const running = project.start(["run", "slow", "--run-id", "s", ...more]);
  await project.hasHappened("s", "step_started", "second");
  return running;
}

/** The process that has begun a step. */
async function workerOf(project: FlowProject, flowRunId: string): Promise<number> {
  const started = (await project.events(flowRunId)).find(({ type }) => type === "step_started");
  if (started?.type !== "step_started") throw new Error("no step has begun");
  return Number(started.worker.split(":").at(-1));
}

describe("a process that carries out a flow", () => {
  flowScenario("leaves at Ctrl-C, and flow wait carries the flow on", async ({ newProject }) => {
    const project = await newProject();
    const running = await startSlow(project);
    running.child.kill("SIGINT");
    const left = await documentOf(running);
    expect([left.exitCode, left.document]).toEqual([
      130,
      {
        status: "error",
        flowRunId: "s",
        name: "slow",
        error: {
          code: "interrupted",
          message: "left flow run s; nobody goes on with it now",
          hint: "delegate flow wait s carries it on; delegate worker carries on all",
          retryable: true,
        },
      },
    ]);
    expect((await project.inside(["list"])).stdout).toMatch(/^s {2}running /);
    project.rig.write("go", "");
    const waited = await project.inside(["wait", "s", "--format", "text"]);
    expect([waited.exitCode, waited.stdout, waited.stderr]).toEqual([
      0,
      "done\n",
      "delegate: no worker is there, so this process carries the flow on\n",
    ]);
    expect(project.rig.read("first")).toBe("x\n");
    expect(project.rig.read("third")).toBe("x\n");
  });

  flowScenario("leaves at once at the second Ctrl-C", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("deaf", "steps: { deaf: { run: \"trap '' TERM INT; sleep 20\" } }\n");
    const running = project.start(["run", "deaf", "--run-id", "d"]);
    await project.hasHappened("d", "step_started", "deaf");
    running.child.kill("SIGINT");
    // What comes sooner may be the same Ctrl-C, passed on.
    await sleep(300);
    running.child.kill("SIGINT");
    expect((await running.end).exitCode).toBe(130);
  });

  flowScenario("is killed, and flow wait goes on where it was", async ({ newProject }) => {
    const project = await newProject();
    const running = await startSlow(project);
    running.child.kill("SIGKILL");
    await running.end;
    project.rig.write("go", "");
    const { exitCode, document } = await project.jsonInside(["wait", "s"]);
    expect([exitCode, document.status]).toEqual([0, "complete"]);
    expect(project.rig.read("first")).toBe("x\n");
    expect(project.rig.read("third")).toBe("x\n");
    const types = (await project.events("s")).map(({ type }) => type);
    expect(types.filter((type) => type === "step_recovered")).toHaveLength(1);
  });

  flowScenario(
    "is ended with all that it has begun, as by a reboot, and flow wait has the lost agent begin anew",
    async ({ newProject }) => {
      const agent =
        "echo $$ >> begun; until test -e go; do sleep 0.05; done; echo done by $DELEGATE_RUN_ID";
      const coder = { command: ["sh", "-c", agent], handoff: "stdout" };
      const project = await newProject({ agents: { coder } });
      const { rig } = project;
      project.writeFlow(
        "rebooted",
        `
agents: { coder: coder }
steps:
  before: { run: "echo x >> before" }
  work: { agent: coder, task: do it, needs: before }
report: \${{ steps.work.result }}
`,
      );
      const running = project.start(["run", "rebooted", "--run-id", "r"]);
      await rig.hasHappened("r.work.1.1", "attempt_admitted");
      const isBegun = () =>
        existsSync(join(rig.folder, "begun")) && rig.read("begun").endsWith("\n");
      await until(isBegun, "the agent's start");
      running.child.kill("SIGKILL");
      await running.end;
      await killGateway(rig);
      process.kill(Number(rig.read("begun")), "SIGKILL");
      rig.write("go", "");
      const { exitCode, document } = await project.jsonInside(["wait", "r"]);
      expect([exitCode, document.report]).toEqual([0, "done by r.work.1.2"]);
      expect(rig.read("before")).toBe("x\n");
      expect(rig.read("begun").trim().split("\n")).toHaveLength(2);
    },
  );

  flowScenario("leaves it to a worker that is there", async ({ newProject }) => {
    const project = await newProject();
    const worker = project.rig.start(["worker"]);
    await project.hasWorker();
    const running = await startSlow(project);
    running.child.kill("SIGTERM");
    const left = await documentOf(running);
    expect(left.exitCode).toBe(143);
    expect(left.document.error?.message).toBe("left flow run s; a worker goes on with it");
    project.rig.write("go", "");
    const { exitCode, stderr } = await project.jsonInside(["wait", "s"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    worker.child.kill("SIGINT");
    expect((await worker.end).exitCode).toBe(130);
  });

  flowScenario(
    "asks what to do about a step of which nobody knows whether it had ended",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow(
        "once",
        `
steps:
  publish: { run: "echo x >> published; until test -e go; do sleep 0.05; done", recovery: ask }
  after: { run: "echo after", needs: publish }
`,
      );
      const running = project.start(["run", "once", "--run-id", "o"]);
      const published = join(project.rig.folder, "published");
      await until(() => existsSync(published), "the command's start");
      running.child.kill("SIGKILL");
      await running.end;
      project.rig.write("go", "");
      const waiting = project.start(["wait", "o"]);
      await project.hasHappened("o", "step_recovered", "publish");
      await hasSaid(waiting, "delegate flow resume o");
      const undecided = await project.jsonInside(["resume", "o"]);
      expect([undecided.exitCode, undecided.document.error]).toEqual([
        2,
        expect.objectContaining({
          code: "usage",
          hint: "look what became of it, then add --decide publish=rerun, or --decide publish=skip",
        }),
      ]);
      const wrong = await project.jsonInside(["resume", "o", "--decide", "after=skip"]);
      expect([wrong.exitCode, wrong.document.error?.code]).toEqual([2, "usage"]);
      const resumed = await project.jsonInside(["resume", "o", "--decide", "publish=skip"]);
      expect(resumed.exitCode).toBe(0);
      expect(resumed.document.steps).toMatchObject({
        publish: { status: "skipped" },
        after: { status: "done" },
      });
      const waited = await documentOf(waiting);
      expect(waited.exitCode).toBe(0);
      expect(waited.stderr).toContain("to do: delegate flow resume o --decide publish=rerun");
      expect(project.rig.read("published")).toBe("x\n");
    },
  );
});

describe("delegate flow run --detach", () => {
  flowScenario("leaves the flow to a worker, which it starts", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("slow", slow);
    // A process that only carries out another flow is none for this one.
    project.writeFlow("other", "steps: { ok: { approve: Now? } }\n");
    project.start(["run", "other", "--run-id", "o"]);
    await project.hasHappened("o", "step_waiting", "ok");
    const sent = await project.jsonInside(["run", "slow", "--run-id", "s", "--detach"]);
    expect([sent.exitCode, sent.document]).toEqual([
      0,
      { status: "sent", flowRunId: "s", name: "slow" },
    ]);
    await project.hasHappened("s", "step_started", "second");
    const early = await project.jsonInside(["wait", "s", "--timeout", "0.2"]);
    expect([early.exitCode, early.document.error?.code]).toEqual([3, "still_running"]);
    project.rig.write("go", "");
    const { exitCode, stderr } = await project.jsonInside(["wait", "s"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const pid = await workerOf(project, "s");
    process.kill(pid, "SIGTERM");
    await until(() => !isThere(pid), `the end of worker ${pid}`);
  });
});

describe("delegate worker", () => {
  flowScenario(
    "carries out flows of others, several at once, and leaves when idle",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow(
        "wide",
        `
steps:
  each:
    for-each: "[1, 2, 3, 4, 5, 6]"
    steps: { one: { run: "echo $PPID \${{ item }} >> done" } }
`,
      );
      const workers = ["a", "b"].map(() => project.rig.start(["worker", "--idle-timeout", "1"]));
      await Promise.all(workers.map(isUnderWay));
      const ends = await Promise.all(
        ["x", "y"].map((id) => project.json(["run", "wide", "--run-id", id])),
      );
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      const left = await Promise.all(workers.map(({ end }) => end));
      for (const { exitCode, stderr } of left)
        expect([exitCode, stderr]).toEqual([
          0,
          expect.stringMatching(/^delegate: worker \d+ carries out .*\ndelegate: nothing to do/),
        ]);
      const lines = project.rig.read("done").trimEnd().split("\n");
      expect(lines).toHaveLength(12);
    },
  );

  flowScenario("stays while a flow waits for somebody, however idle", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("wait", 'steps: { ok: { approve: "?" }, end: { run: "true", needs: ok } }\n');
    const running = project.start(["run", "wait", "--run-id", "w"]);
    await project.hasHappened("w", "step_waiting", "ok");
    running.child.kill("SIGINT");
    await running.end;
    const worker = project.rig.start(["worker", "--idle-timeout", "1", "--verbose"]);
    await project.hasWorker();
    // Long enough to leave, if it did.
    await sleep(1_500);
    expect((await project.inside(["approve", "w", "ok"])).stderr).toBe("");
    expect((await project.jsonInside(["wait", "w"])).exitCode).toBe(0);
    const { exitCode, stderr } = await worker.end;
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(" w end begins\n")]);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const endless = "echo $$ > pid.new; mv pid.new pid; sleep 300";
const endlessRun = `run: "${endless}"`;
const endlessCoder = { command: ["sh", "-c", endless], handoff: "stdout" };

/** Its only step runs on, and its worker is dead; the value is the process of the step. */
async function leaveStep(project: FlowProject, step = endlessRun): Promise<number> {
  project.writeFlow(
    "unknown",
    `agents: { coder: coder }\nsteps: { a: { ${step}, recovery: ask } }\n`,
  );
  const running = project.start(["run", "unknown", "--run-id", "u"]);
  await until(() => existsSync(join(project.rig.folder, "pid")), "the command");
  running.child.kill("SIGKILL");
  await running.end;
  const waiting = project.start(["wait", "u"]);
  await project.hasHappened("u", "step_recovered", "a");
  waiting.child.kill("SIGINT");
  await waiting.end;
  const pid = Number(project.rig.read("pid"));
  expect(isProcessAlive(pid)).toBe(true);
  return pid;
}

describe("what outlived its worker", () => {
  for (const [what, step] of [
    ["a command", endlessRun],
    ["an agent", "agent: coder, task: Work"],
  ] as const)
    flowScenario(`${what} ends when somebody skips its step`, async ({ newProject }) => {
      const project = await newProject({ agents: { coder: endlessCoder } });
      const pid = await leaveStep(project, step);
      const { exitCode, document } = await project.json(["resume", "u", "--decide", "a=skip"]);
      expect([exitCode, document.status]).toEqual([0, "complete"]);
      await until(() => !isProcessAlive(pid), "its end");
    });

  flowScenario(
    "an agent ends when its step is given up, since it has lost worker after worker",
    async ({ newProject }) => {
      const project = await newProject({ agents: { coder: endlessCoder } });
      project.writeFlow(
        "lost",
        "agents: { coder: coder }\nsteps: { a: { agent: coder, task: Work } }\n",
      );
      const running = project.start(["run", "lost", "--run-id", "u"]);
      await until(() => existsSync(join(project.rig.folder, "pid")), "the agent");
      const pid = Number(project.rig.read("pid"));
      // It stands as if fifty workers had died there before this one.
      const store = new DatabaseSync(join(project.rig.handoffDir, ".flows/flows.sqlite"));
      store.exec(
        `UPDATE task SET state = json_set(state, '$.takeovers', ${MOST_TAKEOVERS}) WHERE key = 'a'`,
      );
      store.close();
      running.child.kill("SIGKILL");
      await running.end;
      const { exitCode, document } = await project.json(["wait", "u"]);
      expect([exitCode, document.error?.code]).toEqual([1, "worker_lost"]);
      expect(document.error?.message).toContain("its worker died 51 times");
      expect(document.error?.hint).toContain("; its agent's run u.a.1.1 is canceled");
      await until(() => !isProcessAlive(pid), "its end");
      expect(project.rig.events("u.a.1.1").at(-1)).toMatchObject({
        type: "run_ended",
        status: "canceled",
      });
    },
  );

  flowScenario(
    "a command ends when a worker comes to its machine after that was decided elsewhere",
    async ({ newProject }) => {
      const project = await newProject();
      const pid = await leaveStep(project);
      await project.signal("u", { kind: "recover", key: "a", choice: "skip" });
      const worker = project.rig.start(["worker"]);
      await until(() => !isProcessAlive(pid), "the end of the command");
      worker.child.kill("SIGTERM");
      await worker.end;
    },
  );
});
