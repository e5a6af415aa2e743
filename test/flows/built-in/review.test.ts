import { describe, expect } from "vitest";
import type { FlowProject } from "../scenarios/project.ts";
import { flowScenario } from "../scenarios/project.ts";
import { reader, Repository } from "./repository.ts";

const before = `export function greet(name) {
  if (name === "") throw new Error("there is no name");
  return \`Hello, \${name}!\`;
}
`;
const after = before.replace(/ {2}if .*/, "  eval(name);");
const words = ["run", "review", "--run-id", "r"];

type NewProject = (config: object) => Promise<FlowProject>;

async function review(newProject: NewProject) {
  const project = await newProject({ agents: { reviewer: reader("finder") } });
  return { project, repository: new Repository(project, { "greet.mjs": before }) };
}

describe("the built-in flow review", () => {
  flowScenario(
    "puts what several saw together, the worst first, and says who gave no answer",
    async ({ newProject }) => {
      const { project, repository } = await review(newProject);
      project.rig.write("greet.mjs", after);
      const { exitCode, stdout, stderr } = await project.run([
        ...words,
        "-i",
        "band=large",
        "--format",
        "text",
      ]);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout.match(/^#{1,3} .*/gm)).toEqual([
        "# Review of what is not committed",
        "## Critical",
        "### 1. eval runs whatever the name says",
        "## Major",
        "### 2. An empty name is no longer refused",
        "### 3. eval fails for names that are no code",
        "## Minor",
        "### 4. No test would notice this change",
        "## Looked at and found right",
        "## Without an answer",
      ]);
      expect(stdout).toContain(
        "**1 critical, 2 major, 1 minor.** 5 findings were put together to 4. 7 reviewers: ",
      );
      expect(stdout).toContain(
        "`greet.mjs:2` · evidence found · seen by correctness-reviewer, edge-walker (2 of 7)\n",
      );
      expect(stdout).toContain(
        "- edge-walker (minor, `greet.mjs:2`): Empty names are not refused — ",
      );
      expect(stdout).toMatch(/\*\*not verified\*\* · seen by test-judge \(1 of 7\)\n/);
      expect(stdout).toMatch(/## Without an answer\n\n- operator \(agent_failed\)\n$/);
      expect([repository.status(), project.rig.read("greet.mjs")]).toEqual([
        " M greet.mjs\n",
        after,
      ]);
    },
  );

  flowScenario("reviews what a branch has changed", async ({ newProject }) => {
    const { project, repository } = await review(newProject);
    const base = repository.git("branch", "--show-current").trim();
    repository.git("checkout", "-q", "-b", "topic");
    project.rig.write("greet.mjs", after);
    repository.git("commit", "-q", "-a", "-m", "Evaluate names");
    const asking = ["-i", `base=${base}`, "-i", 'personas=["security-reviewer"]'];
    const { exitCode, document } = await project.jsonInside([...words, ...asking]);
    expect([exitCode, document.report?.match(/^#{1,3} .*/gm)]).toEqual([
      0,
      [
        `# Review of the changes since ${base}`,
        "## Critical",
        "### 1. eval runs whatever the name says",
        "## Looked at and found right",
      ],
    ]);
  });

  flowScenario("reviews a diff from a file, outside of its repository", async ({ newProject }) => {
    const { project, repository } = await review(newProject);
    project.rig.write("greet.mjs", after);
    project.rig.write("change.patch", repository.git("diff"));
    repository.git("checkout", "-q", "greet.mjs");
    const asking = ["-i", "diff=change.patch", "-i", 'personas=["edge-walker"]'];
    const { exitCode, document } = await project.jsonInside([...words, ...asking]);
    expect(exitCode).toBe(0);
    expect(document.report).toContain("# Review of change.patch\n\n**1 minor.** 1 reviewer: ");
    expect(document.report).toContain("`greet.mjs:2` · evidence found · seen by edge-walker");
  });

  flowScenario("says so when there is nothing to review", async ({ newProject }) => {
    const { project } = await review(newProject);
    const { exitCode, document } = await project.jsonInside(words);
    expect([exitCode, document.error?.message]).toEqual([
      1,
      "change: the command ended with exit code 1: Nothing has changed.",
    ]);
  });

  flowScenario("fails when nobody gives an answer", async ({ newProject }) => {
    const { project } = await review(newProject);
    project.rig.write("greet.mjs", after);
    const { exitCode, document } = await project.jsonInside([
      ...words,
      "-i",
      'personas=["operator"]',
    ]);
    expect(exitCode).toBe(1);
    expect(document.error?.message).toContain(
      "None of the reviewers gave an answer. The first one: reviewer says that it failed: the command exited with code 3: the operator is on leave. To ask them again: delegate flow retry r --from views",
    );
  });
});
