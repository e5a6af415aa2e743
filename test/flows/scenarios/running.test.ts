import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { flowScenario } from "./project.ts";

/** An agent that says what it was asked, in capital letters. */
const echo = { command: ["sh", "-c", "tail -n 1 | tr a-z A-Z"], handoff: "stdout" };

const chain = `
description: One after the other
inputs: { type: object, required: [who], properties: { who: { type: string } } }
agents: { coder: coder }
steps:
  greet: { run: 'echo "hello \${{ inputs.who }}"' }
  code: { agent: coder, needs: greet, task: "\${{ steps.greet.stdout }}" }
  end: { run: 'test "\${{ steps.code.runId }}" = "\${{ run.id }}.code.1.1"', needs: code }
report: |
  # \${{ inputs.who }}

  \${{ steps.greet.stdout }}
`;

describe("delegate flow run", () => {
  flowScenario("prints how a flow of commands and agents ended", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: echo } });
    project.writeFlow("chain", chain);
    const words = ["run", "chain", "--input", "who=World; rm -rf /", "--run-id", "one"];
    const { exitCode, document, stderr } = await project.json(words);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(document).toMatchObject({
      status: "complete",
      flowRunId: "one",
      name: "chain",
      report: "# World; rm -rf /\n\nhello World; rm -rf /\n",
      steps: {
        greet: { status: "done", exitCode: 0, stdout: "hello World; rm -rf /" },
        code: { status: "done", agent: "coder", runId: "one.code.1.1" },
        end: { status: "done" },
      },
    });
    expect(project.rig.events("one.code.1.1").at(-1)).toMatchObject({ type: "run_ended" });
  });

  flowScenario("prints only the report with --format text", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: echo } });
    project.writeFlow("chain", chain);
    const words = ["run", "flows/chain.yaml", "-i", "who=you", "--format", "text"];
    const { exitCode, stdout, stderr } = await project.inside(words);
    expect([exitCode, stdout, stderr]).toEqual([0, "# you\n\nhello you\n", ""]);
  });

  flowScenario("tells each event with --verbose", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: echo } });
    project.writeFlow("chain", chain);
    const { stderr } = await project.inside(["run", "chain", "-i", "who=x", "-v", "--run-id", "v"]);
    expect(stderr).toMatch(/^[\d:.]{12} v flow chain, started by \S+\n/);
    expect(stderr).toContain(" v code is done\n");
    expect(stderr).toMatch(/ v ended: complete\n$/);
  });

  flowScenario("goes back into a loop with what went wrong", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "again",
      `
steps:
  work:
    loop: { max: 3, until: "steps.verify.exitCode == 0" }
    steps:
      code: { run: 'echo "\${{ previous.verify.failure.message }}" >> told; echo \${{ iteration }} > n' }
      verify: { run: 'grep -q 2 n || { echo "not two" >&2; exit 3; }', needs: code, on-failure: next-iteration }
report: "\${{ steps.work.iterations }} iterations"
`,
    );
    const { exitCode, document } = await project.jsonInside(["run", "again"]);
    expect([exitCode, document.report]).toEqual([0, "2 iterations"]);
    expect(project.rig.read("told")).toBe("\nthe command ended with exit code 3: not two\n");
  });

  flowScenario("ends a loop that never gets better", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "never",
      `
steps:
  work:
    loop: { max: 3, until: "steps.try.exitCode == 1" }
    steps: { try: { run: "echo x >> tries" } }
`,
    );
    const { exitCode, document } = await project.jsonInside(["run", "never", "--run-id", "n"]);
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ status: "failed", error: { code: "loop_exhausted" } });
    expect(document.error?.hint).toContain("delegate flow retry n --from work");
    expect(project.rig.read("tries")).toBe("x\nx\nx\n");
  });

  flowScenario("does nothing for each of nothing", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "nothing",
      `
steps:
  each: { for-each: [], steps: { one: { run: "touch made" } } }
  end: { run: "echo end", needs: each }
report: "\${{ steps.each.count }}, \${{ steps.end.stdout }}"
`,
    );
    const { exitCode, document } = await project.jsonInside(["run", "nothing"]);
    expect([exitCode, document.report]).toEqual([0, "0, end"]);
    expect(existsSync(join(project.rig.folder, "made"))).toBe(false);
  });

  flowScenario("has nothing to warn of after a dozen agents", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: echo } });
    project.writeFlow(
      "dozen",
      `
agents: { coder: coder }
steps:
  each: { for-each: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], steps: { ask: { agent: coder, task: "say it" } } }
report: "\${{ steps.each.count }}"
`,
    );
    const { exitCode, document, stderr } = await project.json(["run", "dozen"]);
    expect([exitCode, document.report, stderr]).toEqual([0, "12", ""]);
  });

  flowScenario(
    "keeps the end of all that a step prints, and a part of it in a file",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow(
        "large",
        `
steps:
  print: { run: "yes 0123456789abcdef | head -c 100000000; echo the end" }
report: "\${{ steps.print.stdout.endsWith('the end') }} \${{ steps.print.files.stdout.bytes }}"
`,
      );
      const { exitCode, document } = await project.json(["run", "large"]);
      expect(exitCode).toBe(0);
      const [isWhole, bytes] = (document.report ?? "").split(" ");
      expect(isWhole).toBe("true");
      expect(Number(bytes)).toBeLessThan(70_000_000);
      expect(JSON.stringify(document).length).toBeLessThan(1_000_000);
    },
  );

  flowScenario(
    "quotes an expression that fails, and goes where on-failure says",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow(
        "expression",
        `
inputs: { type: object, properties: { list: { type: array, default: [] } } }
steps:
  first: { run: 'echo "\${{ inputs.list[3] }}"', on-failure: continue }
  second: { run: 'echo "\${{ inputs.list[7] }}"', needs: first }
`,
      );
      const { exitCode, document } = await project.jsonInside(["run", "expression"]);
      expect(exitCode).toBe(1);
      expect(document).toMatchObject({
        status: "failed",
        error: { code: "expression_failed" },
        steps: { first: { status: "failed" }, second: { status: "failed" } },
      });
      expect(document.error?.message).toContain("inputs.list[7]");
    },
  );

  flowScenario("ends with 8 when the budget is used up", async ({ newProject }) => {
    const project = await newProject({ agents: { coder: echo } });
    project.writeFlow(
      "dear",
      `
agents: { coder: coder }
budget: { costUsd: 1, unknown: reserved, reserve: { costUsd: 0.6 } }
steps:
  one: { agent: coder, task: a }
  two: { agent: coder, task: b, needs: one }
`,
    );
    const { exitCode, document } = await project.jsonInside(["run", "dear", "--run-id", "d"]);
    expect([exitCode, document.error?.code]).toEqual([8, "budget_exhausted"]);
    expect(existsSync(join(project.rig.handoffDir, "d.one.1.1"))).toBe(true);
    expect(existsSync(join(project.rig.handoffDir, "d.two.1.1"))).toBe(false);
  });
});
