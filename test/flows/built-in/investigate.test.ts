import { describe, expect } from "vitest";
import type { FlowProject } from "../scenarios/project.ts";
import { flowScenario } from "../scenarios/project.ts";
import { agent, reader, Repository } from "./repository.ts";

const files = {
  "limits.mjs": "export const patience = 20;\nexport const size = 3;\n",
  "main.mjs":
    'import { patience } from "./limits.mjs";\n\nsetTimeout(() => process.exit(3), patience);\n',
};
/** The words of the command, up to the value of one more input. */
const asking = "run investigate --run-id i --agent synthesizer=synthesizer -i"
  .split(" ")
  .concat("question=Who changes `patience`?", "-i");

type NewProject = (config: object) => Promise<FlowProject>;

async function investigation(newProject: NewProject, manner: readonly string[] = []) {
  const agents = {
    investigator: reader("investigator"),
    synthesizer: reader("synthesizer", ...manner),
  };
  const project = await newProject({ agents });
  return { project, repository: new Repository(project, files) };
}

/** What the agent of a run was asked, as `delegate show` has it. */
async function messageTo(project: FlowProject, runId: string): Promise<string> {
  return (await project.rig.inside(["show", runId])).stdout;
}

describe("the built-in flow investigate", () => {
  flowScenario(
    "finds out that a quote is invented, has it weighed again, and says in its report what is not verified",
    async ({ newProject }) => {
      const { project, repository } = await investigation(newProject);
      const { exitCode, stdout, stderr } = await project.inside([
        ...asking,
        "band=small",
        "--format",
        "text",
      ]);
      expect([exitCode, stderr]).toEqual([0, ""]);

      const invented = "C4: limits.mjs:1: ";
      expect(await messageTo(project, "i.synthesis.1.1")).toContain(`"broken":"${invented}`);
      const second = await messageTo(project, "i.synthesis.2.1");
      expect(second).toMatch(/## What did not hold in your last answer[^]*\n *C4: limits\.mjs:1: /);

      expect(stdout).toMatch(
        /^# Who changes `patience`\?\n\npatience stands at limits\.mjs:1\. \[C1\]\n\n/,
      );
      expect(stdout).toContain("patience is changed while the program runs. [C4: not verified]\n");
      expect(stdout).toContain(
        [
          "**C1** patience stands at limits.mjs:1.\n",
          "evidence found · confidence medium · from tracer, skeptic, cartographer\n",
          "- `limits.mjs:1`\n",
          "  ```\n  export const patience = 20;\n  ```\n",
        ].join("\n"),
      );
      expect(stdout).toContain(
        "**C4** patience is changed while the program runs.\n\n**not verified** · confidence low · from skeptic\n",
      );
      expect(stdout).not.toContain("anythingElse");
      expect(stdout).not.toContain("## What does not hold");
      expect(stdout).toContain(
        "4 claims: 3 with a quote that was found in its file, 0 with a command's output that was not run again, 1 not verified.\nAsked: tracer, skeptic, cartographer.\n",
      );
      expect(repository.status()).toBe("");
    },
  );

  flowScenario(
    "says itself what does not hold when the synthesizer insists on it",
    async ({ newProject }) => {
      const { project } = await investigation(newProject, ["credulous"]);
      const { exitCode, document } = await project.jsonInside([...asking, 'personas=["skeptic"]']);
      expect(exitCode).toBe(0);
      expect(document.steps?.["weigh"]).toMatchObject({ iterations: 3 });
      expect(document.report).toContain("[C4: not verified]");
      expect(document.report).toMatch(/## What does not hold\n\n- C4: limits\.mjs:1: /);
    },
  );

  flowScenario(
    "does not take claims for checked when the check was killed",
    async ({ newProject }) => {
      const { project } = await investigation(newProject);
      const data = { answer: "It is [C1].", claims: [], open: [] };
      const checks = [{ exitCode: 137 }, { exitCode: 1, stderr: "C1: broken" }, 0];
      project.rig.write("stubs.json", JSON.stringify({ view: { data }, proof: checks }));
      const rehearsal = ["band=small", "--dry-run", "--full", "--stubs", "stubs.json"];
      const { stdout } = await project.inside([...asking, ...rehearsal, "--format", "text"]);
      const told = [...stdout.matchAll(/"broken":"([^"]*)"/g)].map(([, words]) => words);
      expect(told.slice(0, 3)).toEqual([
        "not checked: the command ended with exit code 137",
        "C1: broken",
        "",
      ]);
    },
  );

  flowScenario("goes on without a persona that gives no answer", async ({ newProject }) => {
    const { project } = await investigation(newProject);
    const { exitCode, document, stderr } = await project.jsonInside([...asking, "band=large"]);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(document.report).toContain(
      "Asked: tracer, skeptic, cartographer, diagnostician, edge-walker, measurer, historian.\nWithout an answer: operator (agent_failed).",
    );
  });

  flowScenario("fails when nobody gives an answer", async ({ newProject }) => {
    const { project } = await investigation(newProject);
    const { exitCode, document } = await project.jsonInside([...asking, 'personas=["operator"]']);
    expect([exitCode, document.report ?? null]).toEqual([1, null]);
    expect(document.error?.message).toContain(
      "None of the investigators gave an answer. The first one: investigator says that it failed: the command exited with code 3: the operator is on leave. To ask them again: delegate flow retry i --from views",
    );
  });

  flowScenario("does not begin with an agent that may also write", async ({ newProject }) => {
    const { project } = await investigation(newProject);
    project.rig.writeConfig({
      agents: { investigator: agent("investigator"), synthesizer: reader("synthesizer") },
    });
    const { exitCode, document } = await project.jsonInside([...asking, "band=small"]);
    expect([exitCode, (await project.inside(["list"])).stdout]).toEqual([2, ""]);
    expect(document.error?.problems?.map(({ message }) => message)).toEqual([
      'this step may only read, and the agent "investigator" has no read-only mode; name another with --agent investigator=<agent>',
    ]);
  });
});
