import { describe, expect } from "vitest";
import { hasSaid } from "../../rig/has-said.ts";
import { isUnderWay } from "../../rig/is-under-way.ts";
import type { FlowProject } from "./project.ts";
import { documentOf, flowScenario } from "./project.ts";

/** Asks which database in its first attempt, and says the answer in its second. */
const script = `
const { readFileSync, writeFileSync } = require("node:fs");
const message = readFileSync(0, "utf8");
const answer = /Postgre\\w*/.exec(message)?.[0];
const common = {
  schemaVersion: "1.1", runId: process.env.DELEGATE_RUN_ID, agent: "coder", confidence: "high",
  timestamp: new Date().toISOString(), artifacts: [], notes: "",
};
const blocked = { status: "blocked", result: "so far", questions: [{ text: "Which database?" }] };
const deliverable = { type: "code", title: "t", path: null, summary: "s" };
const done = { status: "complete", result: "with " + answer, deliverable };
writeFileSync(process.env.DELEGATE_HANDOFF_PATH, JSON.stringify({ ...common, ...(answer ? done : blocked) }));
`;

async function askingProject(
  newProject: (config: object) => Promise<FlowProject>,
  more: object = {},
) {
  const command = [process.execPath, "agent.cjs"];
  const project = await newProject({ agents: { coder: { command, handoff: "file" } }, ...more });
  project.rig.write("agent.cjs", script);
  project.writeFlow(
    "asks",
    'agents: { coder: coder }\nsteps: { code: { agent: coder, task: Write it } }\nreport: "${{ steps.code.result }}"\n',
  );
  return project;
}

describe("a step that asks people", () => {
  flowScenario("is told of to the next in line after a time", async ({ newProject }) => {
    const questions = { ageMinutes: 0.001, escalateTo: ["anna", "bob"] };
    const project = await newProject({ questions });
    project.writeFlow(
      "asks",
      'steps: { ok: { approve: "Go on?" }, name: { ask: "Which name?", needs: ok } }\nreport: "${{ steps.name.answer }}"\n',
    );
    const running = project.start(["run", "asks", "--run-id", "a"]);
    await hasSaid(running, "delegate: ok still waits and goes to anna");
    await hasSaid(running, "delegate: ok still waits and goes to bob");
    running.child.kill("SIGINT");
    await running.end;
    await project.inside(["approve", "a", "ok", "--by", "eve"]);
    const worker = project.rig.start(["worker"]);
    await hasSaid(worker, "delegate: a: name still waits and goes to bob");
    const { stdout } = await project.inside(["show", "a"]);
    const told = stdout.match(/\w+ still waits and goes to \w+/g);
    expect(told).toEqual(
      ["ok", "name"].flatMap((key) =>
        ["anna", "bob"].map((to) => `${key} still waits and goes to ${to}`),
      ),
    );
    await project.inside(["answer", "a", "name", "x"]);
    const { exitCode, document } = await project.jsonInside(["wait", "a"]);
    expect([exitCode, document.report]).toEqual([0, "x"]);
  });
});

describe("an agent of a flow that asks", () => {
  flowScenario("holds the flow until delegate answer replies", async ({ newProject }) => {
    const project = await askingProject(newProject);
    const running = project.start(["run", "asks", "--run-id", "a"]);
    await project.hasHappened("a", "step_waiting", "code");
    await hasSaid(running, "to do: delegate answer");
    const [id] = (await project.inside(["show", "a"])).stdout.match(/a\.code\.1\.1\.q\d+/) ?? [];
    const answered = await project.rig.inside(["answer", id ?? "", "PostgreSQL"]);
    expect([answered.exitCode, answered.stderr]).toEqual([0, ""]);
    const { exitCode, document, stderr } = await documentOf(running);
    expect([exitCode, document.report]).toEqual([0, "with PostgreSQL"]);
    expect(stderr).toContain(`to do: delegate answer ${id} "<answer>"`);
  });

  flowScenario("is told to the next in line after a time", async ({ newProject }) => {
    const project = await askingProject(newProject, {
      questions: { ageMinutes: 0.001, escalateTo: ["anna", "bob"] },
    });
    const running = project.start(["run", "asks", "--run-id", "a"]);
    await hasSaid(running, "delegate: a.code.1.1.q1 is still open and goes to anna");
    await hasSaid(running, "delegate: a.code.1.1.q1 is still open and goes to bob");
    const told = project.rig
      .events("a.code.1.1")
      .filter(({ type }) => type === "question_escalated");
    expect(told.map(({ to }) => to)).toEqual(["anna", "bob"]);
    await project.rig.inside(["answer", "a.code.1.1.q1", "PostgreSQL"]);
    const { exitCode, document } = await documentOf(running);
    expect([exitCode, document.report]).toEqual([0, "with PostgreSQL"]);
  });

  flowScenario("goes on with the next process when nobody is there", async ({ newProject }) => {
    const project = await askingProject(newProject);
    const running = project.start(["run", "asks", "--run-id", "a"]);
    await project.hasHappened("a", "step_waiting", "code");
    running.child.kill("SIGINT");
    await running.end;
    const answered = await project.rig.inside(["answer", "a.code.1.1.q1", "PostgreSQL"]);
    expect([answered.exitCode, answered.stderr]).toEqual([
      0,
      "delegate: nobody waits for the run\n  to do: delegate flow wait a\n",
    ]);
    const { exitCode, document } = await project.jsonInside(["wait", "a"]);
    expect([exitCode, document.report]).toEqual([0, "with PostgreSQL"]);
  });

  flowScenario("goes on with a worker", async ({ newProject }) => {
    const project = await askingProject(newProject);
    const worker = project.rig.start(["worker"]);
    await isUnderWay(worker);
    await project.jsonInside(["run", "asks", "--run-id", "a", "--detach"]);
    await project.hasHappened("a", "step_waiting", "code");
    const answered = await project.rig.inside(["answer", "a.code.1.1.q1", "PostgreSQL"]);
    expect([answered.exitCode, answered.stderr]).toEqual([0, ""]);
    const { exitCode, document } = await project.jsonInside(["wait", "a"]);
    expect([exitCode, document.report]).toEqual([0, "with PostgreSQL"]);
  });

  flowScenario("is told of once while it stays for the answer", async ({ newProject }) => {
    const project = await newProject();
    const ask = "delegate handoff ask 'Which color?' --option red --option blue --wait";
    const command = ["sh", "-c", `cat >/dev/null; ${ask}`];
    project.rig.writeConfig({ agents: { coder: { command, handoff: "stdout" } } });
    project.writeFlow(
      "asks",
      'agents: { coder: coder }\nsteps: { code: { agent: coder, task: Paint it } }\nreport: "${{ steps.code.result }}"\n',
    );
    const running = project.start(["run", "asks", "--run-id", "a"]);
    const told = [
      "code: coder asks (a.code.1.1.q1)",
      "  Which color?",
      "  1. red",
      "  2. blue",
      "  to do: delegate answer a.code.1.1.q1 --option <n>",
    ].join("\n");
    await hasSaid(running, "delegate answer");
    expect((await project.inside(["show", "a"])).stdout).toContain(`\n${told}\n`);
    await project.rig.inside(["answer", "a.code.1.1.q1", "--option", "2"]);
    const { exitCode, document, stderr } = await documentOf(running);
    expect([exitCode, document.report]).toEqual([0, "blue"]);
    expect(stderr).toBe(`delegate: ${told}\n`);
  });
});
