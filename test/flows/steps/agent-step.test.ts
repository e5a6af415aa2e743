import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { describe } from "vitest";
import {
  admit,
  answerAtOnce,
  goodHandoff,
  sendJson,
  writeAsAgent,
} from "../../rig/steered-gateway.ts";
import { until } from "../../rig/until.ts";
import { task } from "./rig.ts";
import type { StepRig } from "./rig.ts";
import { scenario } from "./scenario.ts";

function requestOf(rig: StepRig, runId: string): Record<string, unknown> {
  return JSON.parse(rig.project.read(`handoffs/${runId}/request.json`));
}

describe("an agent step", () => {
  scenario("is one run, and its handoff the output", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.gateway.onHook = answerAtOnce({
      data: { approved: true },
      artifacts: [{ path: "/srv/plan.md" }],
      usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.25 },
    });
    const job = rig.job(task(), { key: "work.2.code", stepId: "code", runId: "01abc.code.2.1" });
    expect(await rig.start(job).end).toEqual({
      end: "done",
      output: {
        result: "done: 01abc.code.2.1",
        data: { approved: true },
        deliverable: { type: "analysis", title: "A title", path: null, summary: "A summary." },
        artifacts: [{ path: "/srv/plan.md" }],
        handoff: "complete",
        confidence: "high",
        usage: { costUsd: 0.25, tokens: 15 },
        runId: "01abc.code.2.1",
        agent: "worker",
      },
      usage: { costUsd: 0.25, tokens: 15 },
    });
    expect(requestOf(rig, "01abc.code.2.1")).toMatchObject({
      agent: "worker",
      task: "Do it.",
      caller: null,
      workflowRunId: "01abc",
      stepId: "work.2.code",
      limits: { attempts: 1, timeoutMs: 120_000 },
    });
  });

  scenario("that has been carried out is not carried out again", async ({ newRig, expect }) => {
    const rig = await newRig();
    const job = rig.job(task());
    const first = await rig.start(job).end;
    expect(await rig.start(job).end).toEqual(first);
    expect(rig.project.gateway.sent).toHaveLength(1);
  });

  scenario(
    "whose worker was killed is taken up where it is, and never sent again",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.project.gateway.onHook = (_call, response) => admit(response);
      const job = rig.job(task());
      const worker = rig.startElsewhere(job);
      await rig.project.hasHappened(job.runId, "attempt_admitted");
      worker.kill("SIGKILL");
      const going = rig.start(job);
      await rig.project.hasHappened(job.runId, "driver_took_over");
      const path = `${rig.project.handoffDir}/${job.runId}/attempt-1.json`;
      writeAsAgent(path, { status: "working", notes: "Reading the plan" });
      await until(() => going.words.length > 0, "the agent's words");
      expect(going.words).toEqual(["Reading the plan"]);
      writeAsAgent(path, goodHandoff({ runId: job.runId }));
      expect(await going.end).toMatchObject({ end: "done" });
      expect(rig.project.gateway.sent).toHaveLength(1);
    },
  );

  scenario("says what its agent asks and stays for", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.gateway.onHook = (_call, response) => admit(response);
    const job = rig.job(task());
    const going = rig.start(job);
    await rig.project.hasHappened(job.runId, "attempt_admitted");
    await rig.project.inside(["handoff", "ask", "Which one?", "--run-id", job.runId]);
    await until(() => going.words.length > 0, "the question");
    await rig.project.inside(["answer", `${job.runId}.q1`, "This one"]);
    await until(() => going.words.length > 1, "the answer");
    expect(going.words).toEqual([
      `asks (delegate answer ${job.runId}.q1): Which one?`,
      "was answered: This one",
    ]);
    const path = `${rig.project.handoffDir}/${job.runId}/attempt-1.json`;
    writeAsAgent(path, goodHandoff({ runId: job.runId }));
    expect(await going.end).toMatchObject({ end: "done" });
  });

  scenario(
    "says what its foreman proposes, and not what that is at",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { origin } = rig.project.gateway;
      const at = { url: origin, token: { file: "token" } };
      rig.project.writeConfig({
        agents: { worker: at, manager: at },
        questions: { foreman: "manager" },
      });
      const job = rig.job(task());
      const id = `${job.runId}.q1`;
      rig.project.gateway.onHook = (call, response) => {
        admit(response);
        if (call.body["agentId"] !== "manager") return;
        writeAsAgent(call.handoffPath, { status: "working", notes: "Looking around" });
      };
      const going = rig.start(job);
      await rig.project.hasHappened(job.runId, "attempt_admitted");
      await rig.project.inside(["handoff", "ask", "Which one?", "--run-id", job.runId]);
      await rig.project.hasHappened(`${id}.f1`, "agent_working");
      const data = { answer: "That one", isSure: false, reason: "it is small" };
      const verdict = goodHandoff({ runId: `${id}.f1` }, { agent: "manager", data });
      writeAsAgent(`${rig.project.handoffDir}/${id}.f1/attempt-1.json`, verdict);
      await rig.project.hasHappened(job.runId, "question_proposed");
      await rig.project.inside(["answer", id, "--approve", "--by", "anna"]);
      await until(() => going.words.length > 2, "the answer");
      expect(going.words).toEqual([
        `asks (delegate answer ${id}): Which one?`,
        `asks (delegate answer ${id}); manager proposes: That one`,
        "was answered: That one",
      ]);
      const path = `${rig.project.handoffDir}/${job.runId}/attempt-1.json`;
      writeAsAgent(path, goodHandoff({ runId: job.runId }));
      expect(await going.end).toMatchObject({ end: "done" });
    },
  );

  scenario.for(["lost", "leaving"] as const)(
    "that is %s is let go of, and its agent goes on",
    async (reason, { newRig, expect }) => {
      const rig = await newRig();
      rig.project.gateway.onHook = (_call, response) => admit(response);
      const job = rig.job(task());
      const going = rig.start(job);
      await rig.project.hasHappened(job.runId, "attempt_admitted");
      going.stop(reason);
      expect(await going.end).toEqual({ end: "canceled" });
      const again = rig.start(job);
      writeAsAgent(
        `${rig.project.handoffDir}/${job.runId}/attempt-1.json`,
        goodHandoff({ runId: job.runId }),
      );
      expect(await again.end).toMatchObject({ end: "done" });
      expect(rig.project.gateway.sent).toHaveLength(1);
    },
  );

  scenario("that is canceled ends its agent's processes", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.writeConfig({
      agents: {
        coder: { command: ["sh", "-c", "echo $$ > pid; exec sleep 300"], handoff: "stdout" },
      },
    });
    const job = rig.job(task({ agent: "coder", timeoutMs: 60_000 }));
    const going = rig.start(job);
    await until(() => existsSync(`${rig.project.folder}/pid`), "the agent");
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
    const pid = Number(rig.project.read("pid"));
    await until(() => !existsSync(`/proc/${pid}`), "the end of the agent");
    expect(rig.project.events(job.runId).at(-1)).toMatchObject({
      type: "run_ended",
      status: "canceled",
      failure: { message: expect.stringContaining("canceled by anna: the flow run 01abc") },
    });
  });

  scenario(
    "that is given up asks nobody, and says what became of its run",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const job = rig.job(task());
      const hintOf = async (): Promise<unknown> => {
        const end = await rig.start({ ...job, losses: 51 }).end;
        return end.end === "failed" && [end.failure.code, end.failure.hint.split("; ").at(-1)];
      };
      expect(await hintOf()).toEqual([
        "worker_lost",
        `its agent may still be at work: delegate cancel ${job.runId} ends it`,
      ]);
      expect(rig.project.gateway.sent).toEqual([]);
      rig.project.gateway.onHook = answerAtOnce();
      await rig.start(job).end;
      expect(await hintOf()).toEqual([
        "worker_lost",
        `its agent's run ${job.runId} had ended (complete): delegate show ${job.runId} has what it came to`,
      ]);
    },
  );

  scenario("that is canceled before it has begun asks nobody", async ({ newRig, expect }) => {
    const rig = await newRig();
    const job = rig.job(task());
    const going = rig.start(job);
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
    expect(rig.project.gateway.sent).toHaveLength(0);
    expect(rig.project.events(job.runId).at(-1)).toMatchObject({ status: "canceled" });
  });

  scenario("whose run somebody else canceled has failed", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.gateway.onHook = (_call, response) => admit(response);
    const job = rig.job(task());
    const going = rig.start(job);
    await rig.project.hasHappened(job.runId, "attempt_admitted");
    expect(await rig.project.run(["cancel", job.runId])).toMatchObject({ exitCode: 0 });
    expect(await going.end).toMatchObject({
      end: "failed",
      failure: { code: "canceled" },
      isRetryable: false,
    });
  });
});

describe("an agent step fails", () => {
  scenario("as its run does, and says whether again would help", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.gateway.onHook = answerAtOnce({
      status: "failed",
      result: "no such file",
      usage: { costUsd: 1 },
    });
    expect(await rig.carryOut(task())).toMatchObject({
      end: "failed",
      failure: { code: "agent_failed", message: expect.stringContaining("no such file") },
      output: { result: "no such file", handoff: "failed" },
      usage: { costUsd: 1, tokens: null },
      isRetryable: true,
    });
    rig.project.gateway.onHook = (_call, response) => sendJson(response, 401, { error: "no" });
    expect(await rig.carryOut(task())).toMatchObject({
      failure: { code: "unauthorized" },
      isRetryable: false,
    });
  });

  scenario("at no cost when it may not even begin", async ({ newRig, expect }) => {
    const rig = await newRig({ acl: { manager: [] } });
    const refused = { end: "failed", usage: { costUsd: 0, tokens: 0 }, isRetryable: false };
    const ends = await Promise.all([
      rig.carryOut(task({ agent: "nobody" })),
      rig.carryOut(task(), { author: "manager" }),
      rig.carryOut(task(), { author: "worker" }),
      rig.carryOut(task({ mode: "plan" })),
      rig.carryOut(task({ dataSchema: { type: 7 } })),
    ]);
    expect(ends).toMatchObject(ends.map(() => refused));
    expect(ends.map((end) => (end.end === "failed" ? end.failure.code : null))).toEqual([
      "agent_unknown",
      "acl_denied",
      "acl_denied",
      "config_invalid",
      "usage",
    ]);
    expect(rig.project.gateway.calls).toHaveLength(0);
  });

  scenario("when the config can't be used just now", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.write("delegate.config.json", "{");
    expect(await rig.carryOut(task())).toMatchObject({
      end: "failed",
      failure: { code: "config_invalid" },
    });
    rig.project.writeConfig({
      agents: { worker: { url: rig.project.gateway.origin, token: { file: "token" } } },
    });
    expect(await rig.carryOut(task())).toMatchObject({ end: "done" });
  });
});

describe("who asks an agent", () => {
  scenario("is the agent that started the flow, if it was one", async ({ newRig, expect }) => {
    const rig = await newRig({ acl: { manager: ["worker"] } });
    const byAgent = rig.job(task(), { author: "manager" });
    expect(await rig.start(byAgent).end).toMatchObject({ end: "done" });
    expect(requestOf(rig, byAgent.runId)).toMatchObject({ caller: "manager" });
  });

  scenario("needs a name where the config wants one", async ({ newRig, expect }) => {
    const rig = await newRig({ requireCaller: true });
    expect(await rig.carryOut(task())).toMatchObject({ failure: { code: "acl_denied" } });
  });

  scenario(
    "counts from the run in which the flow was started: nobody is asked in a circle",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.project.json(["worker", "begin", "--run-id", "above"]);
      const inCircle = rig.job(task(), { parentRunId: "above" });
      expect(await rig.start(inCircle).end).toMatchObject({
        failure: { code: "acl_denied", message: expect.stringContaining("already working") },
      });
    },
  );
});

describe("a step that only reads", () => {
  scenario("has an agent that can only read", async ({ newRig, expect }) => {
    const rig = await newRig();
    writeFileSync(
      `${rig.project.folder}/agent.mjs`,
      `import { writeFileSync } from "node:fs";
       try { writeFileSync("written", ""); console.log("it wrote"); }
       catch (error) { console.log(error.code); }`,
    );
    rig.project.writeConfig({
      agents: {
        coder: {
          command: [process.execPath, "agent.mjs"],
          planCommand: [process.execPath, "--permission", "--allow-fs-read=*", "agent.mjs"],
          handoff: "stdout",
        },
      },
    });
    const work = task({ agent: "coder", mode: "plan" });
    expect(await rig.carryOut(work)).toMatchObject({ output: { result: "ERR_ACCESS_DENIED" } });
    expect(existsSync(`${rig.project.folder}/written`)).toBe(false);
    expect(await rig.carryOut({ ...work, mode: "write" })).toMatchObject({
      output: { result: "it wrote" },
    });
  });
});

describe("an agent that asks", () => {
  const blocked = {
    status: "blocked",
    result: "half of it",
    deliverable: null,
    questions: [{ text: "Which database?", options: ["PostgreSQL", "SQLite"] }],
  };

  scenario("lets its step wait, and then goes on", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.gateway.onHook = (call, response) =>
      answerAtOnce(call.number === 1 ? blocked : {})(call, response);
    const job = rig.job(task());
    const questionId = `${job.runId}.q1`;
    const waiting = { kind: "agent_questions", runId: job.runId, questionIds: [questionId] };
    expect(await rig.start(job).end).toEqual({ end: "waiting", waiting });
    // Somebody looks too early.
    const resumed = { ...job, decision: { kind: "resumed" } as const };
    expect(await rig.start(resumed).end).toEqual({ end: "waiting", waiting });
    await rig.project.run(["answer", questionId, "SQLite"]);
    expect(await rig.start(resumed).end).toMatchObject({ end: "done" });
    expect(rig.project.gateway.sent).toHaveLength(2);
    expect(await rig.start(resumed).end).toMatchObject({ end: "done" });
  });

  scenario("again and again fails in the end", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.project.gateway.onHook = answerAtOnce(blocked);
    const job = rig.job(task());
    let end = await rig.start(job).end;
    for (let number = 1; end.end === "waiting"; number += 1) {
      await rig.project.run(["answer", `${job.runId}.q${number}`, "SQLite"]);
      end = await rig.start({ ...job, decision: { kind: "resumed" } }).end;
    }
    expect(end).toMatchObject({
      end: "failed",
      failure: { code: "agent_blocked", message: expect.stringContaining("asked 5 times") },
      isRetryable: false,
    });
  });

  scenario("in a run that is there no more has failed", async ({ newRig, expect }) => {
    const rig = await newRig();
    const job = rig.job(task(), { decision: { kind: "resumed" } });
    expect(await rig.start(job).end).toMatchObject({ failure: { code: "run_unknown" } });
    expect(rig.project.gateway.calls).toHaveLength(0);
  });
});

scenario(
  "files that are there say where they are, and what is in them",
  async ({ newRig, expect }) => {
    const rig = await newRig();
    const path = rig.project.write("a plan.md", "ü\n");
    const named = [
      { path },
      { path, uri: "s3://team/plan.md" },
      { path: `${path}x` },
      "plan.md",
      {},
    ];
    rig.project.gateway.onHook = answerAtOnce({
      artifacts: [...named, { path: rig.project.folder }, { path: "a plan.md" }],
      deliverable: { type: "document", title: "Plan", path, summary: "The plan." },
    });
    const end = await rig.start(rig.job(task())).end;
    if (end.end !== "done") throw new Error(JSON.stringify(end));
    const place = {
      path,
      uri: `file://${hostname()}${path.replace("a plan", "a%20plan")}`,
      bytes: 3,
      sha256: createHash("sha256").update("ü\n").digest("hex"),
    };
    const [, ...others] = named;
    expect(end.output).toMatchObject({
      artifacts: [place, ...others, { path: rig.project.folder }, { path: "a plan.md" }],
      deliverable: { type: "document", ...place },
    });
  },
);

scenario("what is too large for a flow run stays in its file", async ({ newRig, expect }) => {
  const rig = await newRig();
  const result = "é".repeat(100_000);
  rig.project.gateway.onHook = answerAtOnce({ result, data: { list: "x".repeat(2_000_000) } });
  const job = rig.job(task());
  const end = await rig.start(job).end;
  if (end.end !== "done") throw new Error(JSON.stringify(end));
  const path = `${rig.project.handoffDir}/${job.runId}/handoff.json`;
  const content = readFileSync(path);
  expect(end.output).toMatchObject({
    result: "é".repeat(32 * 1024),
    data: null,
    files: {
      handoff: {
        path,
        uri: `file://${hostname()}${path}`,
        bytes: content.length,
        sha256: createHash("sha256").update(content).digest("hex"),
      },
    },
  });
  expect(JSON.parse(content.toString())).toMatchObject({ result });
});
