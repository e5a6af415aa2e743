import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { documentOf, flowScenario } from "./project.ts";

const agent = { command: ["cat"], handoff: "stdout" };

describe("delegate flow run refuses", () => {
  flowScenario("a name with a slip of the pen", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("release", 'steps: { a: { run: "true" } }\n');
    const { exitCode, document, stderr } = await project.jsonInside(["run", "relaese"]);
    expect(exitCode).toBe(2);
    expect(document).toMatchObject({
      status: "error",
      error: { code: "usage", message: 'there is no flow "relaese"; did you mean "release"?' },
    });
    expect(stderr).toContain('delegate: there is no flow "relaese"; did you mean "release"?\n');
  });

  flowScenario("to run without a config", async ({ newProject }) => {
    const project = await newProject();
    rmSync(join(project.rig.folder, "delegate.config.json"));
    const { exitCode, document } = await project.jsonInside(["run", "x"]);
    expect([exitCode, document.error]).toEqual([
      2,
      expect.objectContaining({
        code: "config_invalid",
        hint: expect.stringContaining("delegate init"),
      }),
    ]);
  });

  flowScenario("everything that is wrong at once", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: agent } });
    project.writeFlow(
      "wrong",
      `inputs:
  type: object
  required: [task, count]
  properties: { task: { type: string }, count: { type: integer } }
agents: { coder: codr, reviewer: coder }
steps:
  code: { agent: coder, task: "\${{ inputs.task }}" }
  review: { agent: reviewer, mode: plan, task: look, needs: code }
`,
    );
    const words = ["run", "wrong", "-i", "count=many", "-i", "tsk=x"];
    const { exitCode, document } = await project.jsonInside(words);
    expect(exitCode).toBe(2);
    expect(document.error?.problems?.map(({ at, message }) => `${at}: ${message}`)).toEqual([
      expect.stringMatching(/^flows\/wrong.yaml:6:18: .*no agent "codr".*did you mean "coder"/),
      expect.stringMatching(
        /^flows\/wrong.yaml:9:36: this step may only read, and the agent "coder"/,
      ),
      expect.stringContaining('--input: the flow has no input "tsk"; did you mean "task"?'),
      expect.stringContaining('--input: the input "task" is missing'),
      expect.stringContaining('--input: the input "count"'),
    ]);
    expect(existsSync(project.rig.handoffDir)).toBe(false);
  });

  flowScenario(
    "roles that the flow does not have, and ids that can't be",
    async ({ newProject }) => {
      const project = await newProject({ agents: { coder: agent } });
      project.writeFlow("one", 'agents: { coder: coder }\nsteps: { a: { run: "true" } }\n');
      const role = await project.jsonInside(["run", "one", "--agent", "codr=coder"]);
      expect(role.document.error?.message).toMatch(/^--agent: the flow "one" has no role "codr"/);
      for (const id of ["../up", "commands", "flows.sqlite-wal"]) {
        const { exitCode, document } = await project.jsonInside(["run", "one", "--run-id", id]);
        expect([id, exitCode, document.error?.code]).toEqual([id, 2, "usage"]);
      }
    },
  );
});

flowScenario(
  "who may not hand work to an agent of the flow is told before its first step",
  async ({ newProject }) => {
    const project = await newProject({
      agents: { coder: agent, auditor: agent },
      acl: { boss: ["coder"] },
    });
    project.writeFlow(
      "inner",
      'agents: { r: auditor }\nsteps: { x: { agent: r, task: x }, y: { run: "touch written" } }\n',
    );
    project.writeFlow(
      "outer",
      'agents: { c: coder }\nsteps: { a: { agent: c, task: x }, b: { run: "touch written" }, c: { flow: inner } }\n',
    );
    const denied = await project.jsonInside(["run", "outer", "--caller", "boss"]);
    expect([denied.exitCode, denied.document.error]).toMatchObject([
      4,
      {
        code: "acl_denied",
        message:
          "boss may delegate to coder, not to auditor (rule target_not_listed, config key acl.boss)",
      },
    ]);
    const plan = await project.jsonInside(["run", "outer", "--caller", "boss", "--dry-run"]);
    expect(plan.exitCode).toBe(4);
    const byPerson = await project.inside(["run", "outer", "--caller", "eva", "--dry-run"]);
    expect(byPerson.exitCode).toBe(0);
    expect(existsSync(join(project.rig.folder, "written"))).toBe(false);
  },
);

describe("from within a run that may only read", () => {
  const reader = { command: ["cat"], planCommand: ["cat"], handoff: "stdout" };

  flowScenario("a flow starts whose agents only read, and no command", async ({ newProject }) => {
    const project = await newProject({ agents: { looker: reader, reader } });
    await project.rig.inside(["looker", "look", "--mode", "plan", "--run-id", "above"]);
    project.writeFlow("commands", 'steps: { a: { run: "touch written" } }\n');
    project.writeFlow(
      "shows",
      'steps: { l: { loop: { max: 1, until: steps.a.approved }, steps: { a: { approve: { message: "?", show: "touch written" } } } } }\n',
    );
    const env = { DELEGATE_PARENT_RUN: "above" };
    for (const name of ["commands", "shows"]) {
      const { exitCode, document } = await project.jsonInside(["run", name], { env });
      expect([name, exitCode, document.error?.code]).toEqual([name, 4, "acl_denied"]);
    }
    expect(existsSync(join(project.rig.folder, "written"))).toBe(false);
    project.writeFlow(
      "agents",
      "agents: { reader: reader }\nsteps: { a: { agent: reader, task: x } }\n",
    );
    const read = await project.jsonInside(["run", "agents", "--run-id", "f"], { env });
    expect(JSON.parse(project.rig.read("handoffs/f.a.1.1/request.json"))).toMatchObject({
      mode: "plan",
      parentRunId: "above",
    });
    expect(read.document.flowRunId).toBe("f");
    const unknown = await project.jsonInside(["run", "agents", "--parent", "nobody"]);
    expect([unknown.exitCode, unknown.document.error?.code]).toEqual([2, "run_unknown"]);
  });
});

describe("the id of a flow run", () => {
  flowScenario("joins the one that is there, or gives its end", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "one",
      'inputs: { type: object, properties: { n: { type: integer, default: 1 } } }\nsteps: { a: { run: "echo x >> made; until test -e go; do sleep 0.05; done" } }\n',
    );
    const first = project.start(["run", "one", "--run-id", "same"]);
    await project.hasHappened("same", "step_started", "a");
    const second = project.start(["run", "one", "--run-id", "same"]);
    const other = await project.jsonInside(["run", "one", "--run-id", "same", "-i", "n=2"]);
    expect([other.exitCode, other.document.error?.code]).toEqual([2, "run_conflict"]);
    project.rig.write("go", "");
    const ends = await Promise.all([documentOf(first), documentOf(second)]);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const third = await project.jsonInside(["run", "one", "--run-id", "same"]);
    expect(third.document).toEqual(ends[0]?.document);
    expect(project.rig.read("made")).toBe("x\n");
  });

  flowScenario("keeps the flow as it was when the run began", async ({ newProject }) => {
    const project = await newProject();
    const flow = 'steps: { ok: { approve: "?" }, end: { run: "echo old", needs: ok } }\n';
    project.writeFlow("one", `${flow}report: "\${{ steps.end.stdout }}"\n`);
    const running = project.start(["run", "one", "--run-id", "kept"]);
    await project.hasHappened("kept", "step_waiting", "ok");
    project.writeFlow("one", flow.replace("old", "new"));
    const again = await project.jsonInside(["run", "one", "--run-id", "kept"]);
    expect([again.exitCode, again.document.error?.code]).toEqual([2, "run_conflict"]);
    expect(again.document.error?.hint).toContain("delegate flow wait kept");
    await project.inside(["approve", "kept", "ok"]);
    expect((await documentOf(running)).document.report).toBe("old");
  });
});

describe("delegate flow run --dry-run", () => {
  const flow = `
description: A plan
inputs: { type: object, required: [who], properties: { who: { type: string } } }
agents: { coder: coder }
steps:
  greet: { run: 'echo "hello \${{ inputs.who }}"' }
  work:
    needs: greet
    loop: { max: 3, until: steps.check.exitCode == 0 }
    steps:
      code: { agent: coder, task: "\${{ inputs.who }}: \${{ steps.greet.stdout }}" }
      check: { run: make, needs: code, on-failure: next-iteration }
  ok: { approve: Fine?, needs: work }
report: "\${{ steps.work.iterations }} \${{ steps.ok.by }}"
`;

  flowScenario("shows what is known, and does nothing", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: agent } });
    project.writeFlow("plan", flow);
    const words = ["run", "plan", "-i", "who=me", "--dry-run"];
    const text = await project.inside([...words, "--format", "text", "--full"]);
    expect([text.exitCode, text.stderr]).toEqual([0, ""]);
    expect(text.stdout).toContain("| me: ${{ steps.greet.stdout }}\n");
    expect(text.stdout).toContain(
      '| echo "hello ${DELEGATE_VALUE_1}"\n    | DELEGATE_VALUE_1="me"\n',
    );
    const { stdout } = await project.inside(words);
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      name: "plan",
      agents: { coder: "coder" },
      waves: [
        [{ id: "greet" }],
        [{ id: "work", inside: [[{ id: "code" }], [{ id: "check" }]] }],
        [{ id: "ok" }],
      ],
    });
    expect(stdout).not.toContain("steps.greet.stdout");
    const full = JSON.parse((await project.inside([...words, "--full"])).stdout);
    expect(full.waves[1][0].inside[0][0].work.task).toBe("me: ${{ steps.greet.stdout }}");
    expect(existsSync(project.rig.handoffDir)).toBe(false);
  });

  flowScenario("walks through all of it with stubs", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: agent } });
    project.writeFlow("plan", flow);
    project.rig.write("stubs.yaml", "check: [{ exitCode: 2 }, 0]\nok: { by: eva }\n");
    const words = ["run", "plan", "-i", "who=me", "--dry-run", "--stubs", "stubs.yaml"];
    const { stdout } = await project.inside(words);
    expect(JSON.parse(stdout)).toMatchObject({ end: { status: "complete" }, report: "2 eva" });
    project.rig.write("stubs.yaml", "check: 2\n");
    const failing = await project.inside([...words, "--format", "text"]);
    expect(failing.stdout).toContain("\nend: failed at work: ");
    project.rig.write("stubs.yaml", "chek: 2\nok: []\n");
    const wrong = await project.jsonInside(words);
    expect(wrong.document.error?.problems).toHaveLength(2);
    expect(wrong.document.error?.message).toContain('no step "chek"; did you mean "check"?');
    expect(existsSync(project.rig.handoffDir)).toBe(false);
  });
});

flowScenario(
  "a flow and its agents' runs find a folder that only has a config",
  async ({ newProject }) => {
    const project = await newProject({ agents: { coder: agent } });
    project.writeFlow("one", 'steps: { a: { run: "pwd" } }\nreport: "${{ steps.a.stdout }}"\n');
    const inner = join(project.rig.folder, "inner");
    mkdirSync(inner);
    const { document } = await project.jsonInside(["run", "one"], { cwd: inner });
    expect(document.report).toBe(inner);
  },
);
