import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { agentTools } from "./catalog.ts";
import type { AgentTool } from "./catalog.ts";
import { startStandInModel } from "./model/stand-in-model.ts";
import { Project } from "./project.ts";
import { readRig } from "./rig.ts";

const { cache, folder: parent, toolNames } = readRig();
const tools = agentTools.filter(({ name }) => toolNames.includes(name));
const model = await startStandInModel();
afterAll(() => model.stop());

/** Tests, several at a time, whose projects are gone at their end, with every process. */
const scenario = test.extend("newProject", async ({ task: _task }, { onCleanup }) => {
  const projects: Project[] = [];
  onCleanup(async () => {
    await Promise.all(projects.map((project) => project.dispose()));
  });
  return async (tool: AgentTool, mode?: "write" | "plan"): Promise<Project> => {
    const facts = {
      tool,
      cache,
      parent,
      modelOrigin: model.origin,
      ...(mode === undefined ? {} : { mode }),
    };
    const project = await Project.create(facts);
    projects.push(project);
    return project;
  };
}).concurrent;

/** Whoever waits for the end of this time has failed. */
const forHours = ["--timeout", "7200"];

/** A task whose model first writes a file with all that it has. */
function probing({ writing }: AgentTool, path: string): string {
  return `Look around. MODEL:probe=${path} with=${writing.join(",")}`;
}

describe.for(tools)("$name", (tool) => {
  scenario("works with tools of its own, and so writes its handoff", async ({ newProject }) => {
    const project = await newProject(tool);
    const probe = join(project.work, "probe.txt");
    const words = ["worker", probing(tool, probe), "--run-id", "whole", ...forHours];
    const end = await project.delegate(...words);
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.outcome()).toMatchObject({
      status: "complete",
      runId: "whole",
      agent: "worker",
      result: "Result of whole.",
      deliverable: { summary: "Written by the test agent." },
      attempts: 1,
    });
    expect(existsSync(probe)).toBe(true);
    await project.agentIsGone("whole");
  });

  scenario("whose model never answers is ended in time, all of it", async ({ newProject }) => {
    const project = await newProject(tool);
    const words = ["worker", "MODEL:silence", "--run-id", "silent", "--timeout", "10"];
    const end = await project.delegate(...words);
    expect(end).toMatchObject({ exitCode: 3 });
    expect(end.outcome()).toMatchObject({ status: "timeout", error: { code: "timeout" } });
    await project.agentIsGone("silent");
  });

  for (const { status, says } of tool.endsAt) {
    scenario(`whose model answers ${status} fails, and quotes it`, async ({ newProject }) => {
      const project = await newProject(tool);
      const words = ["worker", `MODEL:http=${status}`, "--run-id", "refused", ...forHours];
      const end = await project.delegate(...words);
      expect(end).toMatchObject({ exitCode: 1 });
      expect(end.outcome()).toMatchObject({
        status: "failed",
        error: { code: "agent_failed" },
        notes: expect.stringContaining(says),
      });
      await project.agentIsGone("refused");
    });
  }
});

describe.for(tools.filter(({ hasPlanMode }) => hasPlanMode))("$name in plan mode", (tool) => {
  scenario("writes nothing, and what it prints is the result", async ({ newProject }) => {
    const project = await newProject(tool, "plan");
    const places = { inside: project.work, outside: join(project.folder, "handoffs") };
    for (const [runId, folder] of Object.entries(places)) {
      const probe = join(folder, "probe.txt");
      const words = ["worker", probing(tool, probe), "--run-id", runId, ...forHours];
      const end = await project.delegate(...words);
      expect(end).toMatchObject({ exitCode: 0 });
      const { result = "", ...outcome } = end.outcome();
      expect(outcome).toMatchObject({ status: "complete", runId });
      expect(result).toMatch(/^Done\. /);
      // What each of its tools answered.
      expect(result.split(" | ")).toHaveLength(tool.writing.length);
      await project.agentIsGone(runId);
      expect(existsSync(probe)).toBe(false);
    }
  });
});

describe.for(tools.filter(({ hasPlanMode }) => !hasPlanMode))("$name", (tool) => {
  scenario("is refused in plan mode, since it has none", async ({ newProject }) => {
    const project = await newProject(tool, "plan");
    const end = await project.delegate("worker", "Look around.");
    expect(end).toMatchObject({ exitCode: 2 });
    expect(end.outcome()).toMatchObject({ error: { code: "config_invalid" } });
    expect(end.stdout).toContain("read-only");
  });
});

describe.for(tools.slice(0, 1))("$name, whose first handoff is no JSON", (tool) => {
  scenario("mends it in the second attempt", async ({ newProject }) => {
    const project = await newProject(tool);
    const words = [
      "worker",
      "FAKE:bad-json-once",
      "--retries",
      "2",
      "--run-id",
      "healed",
      ...forHours,
    ];
    const end = await project.delegate(...words);
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.outcome()).toMatchObject({ status: "complete", attempts: 2 });
    await project.agentIsGone("healed");
  });
});
