import { describe, expect } from "vitest";
import { sectionOf } from "../agents/message.ts";
import type { FlowProject } from "../scenarios/project.ts";
import { documentOf, flowScenario } from "../scenarios/project.ts";
import { agent, reader, Repository } from "./repository.ts";

const check = `import { greet } from "./greet.mjs";
const said = greet("Ada");
if (said !== "Hello, Ada!") {
  console.error(\`expected "Hello, Ada!", got "\${said}"\`);
  process.exit(1);
}
`;

const words = ["run", "build", "--run-id", "b", "-i", "task=Greet people, and refuse empty names"];
const checked = [...words, "-i", "verify=node check.mjs"];
const unchecked = [...words, "-i", "verify=node --check greet.mjs"];

type NewProject = (config: object) => Promise<FlowProject>;

async function buildProject(newProject: NewProject, manner: readonly string[] = []) {
  const project = await newProject({
    agents: { coder: agent("coder", ...manner), reviewer: reader("gate") },
  });
  return { project, repository: new Repository(project, { "check.mjs": check }) };
}

/** The command that `flow show` tells a person to type, as words behind `delegate flow`. */
async function commandIn(project: FlowProject, decision: "approve" | "reject") {
  const { stdout } = await project.inside(["show", "b"]);
  const [, command = ""] = new RegExp(`delegate flow (${decision} b \\S+ --digest \\w+)`).exec(
    stdout,
  ) ?? [""];
  return command.split(" ");
}

describe("the built-in flow build", () => {
  flowScenario(
    "goes back with the reason for a failed check and a rejection, and commits what a person approved elsewhere",
    async ({ newProject }) => {
      const { project, repository } = await buildProject(newProject);
      const running = project.start(checked);
      await project.hasHappened("b", "step_waiting", "work.3.approval");
      expect(repository.subjects()).toEqual(["Begin"]);
      const approved = await project.inside([
        ...(await commandIn(project, "approve")),
        "--by",
        "eva",
      ]);
      expect(approved.stdout).toBe("work.3.approval: approved by eva\n");

      const { exitCode, document } = await documentOf(running);
      expect([exitCode, document.status]).toEqual([0, "complete"]);
      const [first = "", second = "", third = "", ...more] = repository.coderMessages();
      expect(more).toEqual([]);
      expect(first).toContain("This is iteration 1 of at most 3.");
      expect(first).not.toMatch(/^## (What came of|Critiques|What a person said)/m);
      const afterCheck = sectionOf(second, "What came of iteration 1");
      expect(afterCheck).toContain(
        "The line that checks it failed: the command ended with exit code 1",
      );
      expect(afterCheck).toContain('~~~~\n\nexpected "Hello, Ada!", got "Hello Ada"\n');
      expect(sectionOf(third, "What came of iteration 2")).toContain(
        "The reviewer rejected it: An empty name is greeted like any other.",
      );
      expect(sectionOf(third, "Critiques of the last review")).toContain(
        '- Blocking. greet.mjs:1: greet("") returns a greeting of nobody',
      );

      expect(repository.git("log", "-1", "--format=%an: %B").trimEnd()).toBe(
        "Ada: Greet people by their name\n\nCallers no longer build the words themselves.",
      );
      expect(repository.git("show", "--format=", "--name-only")).toBe("greet.mjs\n");
      expect(project.rig.read("greet.mjs")).toMatch(/throw new Error[^]*`Hello, \${name}!`/);
      expect([repository.status(), repository.subjects().length]).toEqual(["", 2]);
      const commit = repository.git("rev-parse", "HEAD").trim();
      expect(document.report).toContain(`Committed as \`${commit}\` after 3 iterations.`);
      expect(document.report).toContain("- An empty name is refused. (greet.mjs:2)");
      expect(document.report).toMatch(/## Approval\n\nApproved by eva\.\n*$/);
    },
  );

  flowScenario("goes back with what a person says against it", async ({ newProject }) => {
    const { project, repository } = await buildProject(newProject);
    const running = project.start(unchecked);
    await project.hasHappened("b", "step_waiting", "work.2.approval");
    const note = 'say "Welcome" instead';
    await project.inside([...(await commandIn(project, "reject")), "--note", note, "--by", "eva"]);
    await project.hasHappened("b", "step_waiting", "work.3.approval");
    expect(repository.subjects()).toEqual(["Begin"]);
    expect(sectionOf(repository.coderMessages()[2] ?? "", "What a person said")).toContain(note);
    const { stdout } = await project.rig.inside(["show", "b.review.3.1"]);
    expect(stdout).toContain(note);
    await project.inside(await commandIn(project, "approve"));
    const { exitCode } = await documentOf(running);
    expect([exitCode, repository.subjects().length]).toEqual([0, 2]);
    expect(repository.git("show", "HEAD:greet.mjs")).toContain("`Welcome ${name}`");
  });

  flowScenario("commits nothing when the coder never gets better", async ({ newProject }) => {
    const { project, repository } = await buildProject(newProject, ["stubborn"]);
    const { exitCode, document } = await project.jsonInside([...checked, "-i", "iterations=2"]);
    expect([exitCode, repository.subjects()]).toEqual([1, ["Begin"]]);
    expect(document.error?.message).toContain(
      'work: after 2 iterations the last one failed: "verify": ',
    );
    expect(repository.coderMessages()).toHaveLength(2);
    expect(repository.status()).toBe("A  greet.mjs\n");
  });

  for (const [manner, told] of [
    ["idle", "Nothing has changed in the repository."],
    ["committing", "take commits back, but keep the changes (git reset --soft)"],
  ] as const) {
    flowScenario(`tells a coder that is ${manner} what is wanted`, async ({ newProject }) => {
      const { project, repository } = await buildProject(newProject, [manner]);
      const { exitCode } = await project.jsonInside([...checked, "-i", "iterations=2"]);
      expect(exitCode).toBe(1);
      const [, second = ""] = repository.coderMessages();
      expect(sectionOf(second, "What came of iteration 1")).toContain(told);
    });
  }

  flowScenario("ends when the coder says that it can't be done", async ({ newProject }) => {
    const { project, repository } = await buildProject(newProject, ["unable"]);
    const { exitCode, document } = await project.jsonInside(checked);
    expect([exitCode, repository.status()]).toEqual([1, ""]);
    expect(document.error).toMatchObject({
      code: "agent_failed",
      message: expect.stringContaining("the task contradicts itself"),
    });
  });

  flowScenario("asks nobody when nobody is to be asked", async ({ newProject }) => {
    const { project, repository } = await buildProject(newProject);
    const { exitCode, document } = await project.jsonInside([...unchecked, "-i", "approve=false"]);
    expect([exitCode, repository.subjects().length]).toEqual([0, 2]);
    expect(document.report).toContain("after 2 iterations");
    expect(document.report).toContain("No person was asked.");
  });

  flowScenario("does not begin with changes that are not its own", async ({ newProject }) => {
    const { project, repository } = await buildProject(newProject);
    project.rig.write("notes.md", "mine\n");
    const { exitCode, document } = await project.jsonInside(checked);
    expect(exitCode).toBe(1);
    expect(document.error?.message).toContain("Commit, stash or ignore them first.");
    expect(repository.status()).toBe("?? notes.md\n");
  });

  flowScenario(
    "asks again when something else was staged meanwhile, and does not commit it unseen",
    async ({ newProject }) => {
      const { project, repository } = await buildProject(newProject);
      const running = project.start(unchecked);
      await project.hasHappened("b", "step_waiting", "work.2.approval");
      const approve = await commandIn(project, "approve");
      project.rig.write("unseen.mjs", "export {};\n");
      repository.git("add", "unseen.mjs");
      expect((await project.inside(approve)).exitCode).toBe(2);
      await project.hasHappened("b", "step_waiting", "work.2.approval", 2);
      const late = await project.inside(approve);
      expect([late.exitCode, late.stderr]).toEqual([2, expect.stringContaining("has changed")]);
      await project.inside(await commandIn(project, "approve"));
      const { exitCode, document } = await documentOf(running);
      expect([exitCode, repository.subjects()]).toEqual([1, ["Begin"]]);
      expect(document.error?.message).toContain(
        "What is staged is no longer what was accepted, and is not committed.",
      );
    },
  );
});
