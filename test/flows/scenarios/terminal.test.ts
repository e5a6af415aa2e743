import { describe, expect } from "vitest";
import { hasPty, PtyProgram } from "../../rig/pty.ts";
import { launcher } from "../../rig/rig.ts";
import { until } from "../../rig/until.ts";
import { TerminalModel } from "../../follow/terminal-model.ts";
import type { FlowProject } from "./project.ts";
import { flowScenario } from "./project.ts";

const flow = `
steps:
  first: { run: "echo first" }
  work:
    needs: first
    loop: { max: 3, until: steps.check.exitCode == 0 }
    steps:
      check: { run: "until test -e go; do sleep 0.05; done; rm go; test -e fine", on-failure: next-iteration }
  ok: { approve: "Is it fine?", needs: work }
report: all is well
`;

function onTerminal(project: FlowProject, words: readonly string[], columns: number): PtyProgram {
  const { rig } = project;
  const env = { PATH: process.env["PATH"], HOME: rig.folder, TERM: "xterm-256color" };
  const command = [process.execPath, launcher, "flow", ...words];
  return new PtyProgram(command, { columns, rows: 24 }, { cwd: rig.folder, env });
}

/** What stands on the screen, without the times. */
function screenOf({ output }: PtyProgram, columns = 100): readonly string[] {
  const model = new TerminalModel(columns, 24);
  model.write(output.replaceAll("\r\n", "\n"));
  return model.text.map((line) => line.replaceAll(/\d+m?\d*s\b/g, "#s").replaceAll(/ +/g, " "));
}

describe.skipIf(!hasPty)("on a terminal (needs python3's pty)", () => {
  flowScenario(
    "flow run shows a tree that changes, and then the report",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow("tree", flow);
      const program = onTerminal(
        project,
        ["run", "tree", "--run-id", "t", "--format", "text"],
        100,
      );
      await until(() => screenOf(program).join().includes("check running"), "the tree");
      expect(screenOf(program)).toEqual([
        "tree t running #s",
        "1 first done #s",
        "2 work running #s iteration 1 of 3",
        " 1 check running #s",
        "3 ok",
      ]);
      project.rig.write("go", "");
      await until(() => screenOf(program).join().includes("iteration 2"), "the next iteration");
      project.rig.write("fine", "");
      project.rig.write("go", "");
      const asking = ["delegate: ok waits for an approval", "3 ok waiting #s Is it fine?"];
      await until(
        () => asking.every((line) => screenOf(program).includes(line)),
        "the approval, as a line and in the tree",
      );
      await project.inside(["approve", "t", "ok"]);
      expect(await program.end).toBe(0);
      const screen = screenOf(program);
      expect(screen.at(-1)).toBe("all is well");
      expect(screen.join("\n")).not.toContain("running");
      expect(program.output.endsWith("\u001B[?7h\u001B[?25hall is well\r\n")).toBe(true);
    },
  );

  flowScenario(
    "flow watch shows all that is under way, and leaves at Ctrl-C",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow("tree", flow);
      const program = onTerminal(project, ["watch"], 40);
      await until(() => screenOf(program).join().includes("no flow run"), "the view");
      const running = project.start(["run", "tree", "--run-id", "t"]);
      await until(() => screenOf(program).join().includes("check running"), "the tree");
      running.child.kill("SIGINT");
      await running.end;
      program.interrupt();
      expect(await program.end).toBe(130);
      expect(program.output.endsWith("\u001B[?25h")).toBe(true);
    },
  );

  flowScenario("flow approve shows what it is about, and asks", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "ok",
      'steps: { ok: { approve: { message: "Fine?", show: "echo the change" } } }\n',
    );
    const running = project.start(["run", "ok", "--run-id", "o"]);
    await project.hasHappened("o", "step_waiting", "ok");
    const hesitating = onTerminal(project, ["approve", "o", "ok"], 80);
    await until(() => hesitating.output.includes("approve it? [y/N] "), "the question");
    hesitating.type("no");
    expect(await hesitating.end).toBe(9);
    expect(hesitating.output).toContain('nothing was decided: "ok" still waits');
    const sure = onTerminal(project, ["approve", "o", "ok"], 80);
    await until(() => sure.output.includes("[y/N] "), "the question");
    expect(sure.output).toContain("  Fine?\r\n\r\n  the change\r\n");
    sure.type("y");
    expect(await sure.end).toBe(0);
    expect((await running.end).exitCode).toBe(0);
  });
});
