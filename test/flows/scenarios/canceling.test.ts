import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { isProcessAlive } from "../../../src/system/process-life.ts";
import { until } from "../../rig/until.ts";
import { documentOf, flowScenario } from "./project.ts";

describe("delegate flow cancel", () => {
  flowScenario("ends a step that runs, and all that is to come", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "long",
      'steps: { long: { run: "echo x > begun; sleep 30" }, end: { run: "touch end", needs: long } }\n',
    );
    const running = project.start(["run", "long", "--run-id", "l"]);
    await until(() => existsSync(join(project.rig.folder, "begun")), "the command");
    const canceled = await project.inside(["cancel", "l", "--reason", "too long", "--by", "eva"]);
    expect(canceled).toMatchObject({ exitCode: 0, stdout: "l: canceled\n", stderr: "" });
    const { exitCode, document } = await documentOf(running);
    expect([exitCode, document]).toEqual([
      9,
      expect.objectContaining({
        status: "canceled",
        error: expect.objectContaining({
          code: "canceled",
          message: "canceled by eva: too long",
        }),
        steps: {
          long: { status: "canceled" },
          end: expect.objectContaining({ status: "skipped" }),
        },
      }),
    ]);
    const again = await project.inside(["cancel", "l", "--json"]);
    expect([again.exitCode, JSON.parse(again.stdout)]).toEqual([
      0,
      expect.objectContaining({ status: "canceled", already: true }),
    ]);
  });

  flowScenario("ends one that waits, with nobody there", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("wait", "steps: { ok: { approve: Now? } }\n");
    const running = project.start(["run", "wait", "--run-id", "w"]);
    await project.hasHappened("w", "step_waiting", "ok");
    running.child.kill("SIGINT");
    await running.end;
    expect((await project.inside(["cancel", "w"])).stdout).toBe("w: canceled\n");
    const { exitCode, document } = await project.jsonInside(["wait", "w"]);
    expect([exitCode, document.status]).toEqual([9, "canceled"]);
    const late = await project.inside(["approve", "w", "ok"]);
    expect([late.exitCode, late.stderr]).toEqual([2, expect.stringContaining("has ended")]);
  });

  flowScenario(
    "ends one whose process was killed, and the agent that went on",
    async ({ newProject }) => {
      const project = await newProject({
        agents: { coder: { command: ["sh", "-c", "echo x > begun; sleep 30"], handoff: "stdout" } },
      });
      project.writeFlow(
        "agents",
        "agents: { coder: coder }\nsteps: { code: { agent: coder, task: work } }\n",
      );
      const running = project.start(["run", "agents", "--run-id", "a"]);
      await until(() => existsSync(join(project.rig.folder, "begun")), "the agent");
      running.child.kill("SIGKILL");
      await running.end;
      const canceled = await project.inside(["cancel", "a"]);
      expect(canceled).toMatchObject({ exitCode: 0, stdout: "a: canceled\n" });
      expect(project.rig.events("a.code.1.1").at(-1)).toMatchObject({
        type: "run_ended",
        status: "canceled",
      });
    },
  );

  flowScenario("ends one between two attempts of a step", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "again",
      'steps: { bad: { run: "false", retry: { attempts: 2, base: 10m, max: 10m } } }\n',
    );
    const running = project.start(["run", "again", "--run-id", "a"]);
    await project.hasHappened("a", "step_failed", "bad");
    expect((await project.inside(["cancel", "a"])).stdout).toBe("a: canceled\n");
    const { exitCode, document } = await documentOf(running);
    expect([exitCode, document.steps]).toEqual([9, { bad: { status: "canceled" } }]);
  });

  flowScenario(
    "ends one while nobody knows how a step ended, and what is left of that",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow(
        "unknown",
        'steps: { a: { run: "echo $$ > pid.new; mv pid.new pid; sleep 300", recovery: ask } }\n',
      );
      const running = project.start(["run", "unknown", "--run-id", "u"]);
      await until(() => existsSync(join(project.rig.folder, "pid")), "the command");
      const pid = Number(project.rig.read("pid"));
      running.child.kill("SIGKILL");
      await running.end;
      const waiting = project.start(["wait", "u"]);
      await project.hasHappened("u", "step_recovered", "a");
      expect(isProcessAlive(pid)).toBe(true);
      expect(await project.inside(["cancel", "u"])).toMatchObject({
        exitCode: 0,
        stdout: "u: canceled\n",
      });
      const { exitCode, document } = await documentOf(waiting);
      expect([exitCode, document.steps]).toEqual([9, { a: { status: "canceled" } }]);
      expect(isProcessAlive(pid)).toBe(false);
    },
  );

  flowScenario(
    "has nothing to do for one that has ended, or that never was",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow("one", 'steps: { a: { run: "true" } }\n');
      await project.jsonInside(["run", "one", "--run-id", "o"]);
      const ended = await project.inside(["cancel", "o"]);
      expect([ended.exitCode, ended.stderr]).toEqual([
        2,
        "delegate: the flow run has ended already: complete\n  to do: there is nothing to cancel\n",
      ]);
      const never = await project.inside(["cancel", "n", "--json"]);
      expect([never.exitCode, JSON.parse(never.stdout).error.code]).toEqual([2, "run_unknown"]);
    },
  );
});

describe("delegate flow retry", () => {
  flowScenario("does a failed step again, and what comes after it", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "steps",
      `
steps:
  first: { run: "echo x >> first" }
  second: { run: "test -e there", needs: first }
  third: { run: "echo x >> third", needs: second }
`,
    );
    const failed = await project.jsonInside(["run", "steps", "--run-id", "s"]);
    expect([failed.exitCode, failed.document.error?.code]).toEqual([1, "command_failed"]);
    project.rig.write("there", "");
    const unknown = await project.jsonInside(["retry", "s", "--from", "secnd"]);
    expect(unknown.document.error?.hint).toBe("did you mean second?");
    const skipped = await project.jsonInside(["retry", "s", "--from", "third"]);
    expect(skipped.exitCode).toBe(0);
    expect(project.rig.read("first")).toBe("x\n");
    expect(project.rig.read("third")).toBe("x\n");
    const whole = await project.jsonInside(["retry", "s", "--from", "first"]);
    expect([whole.exitCode, whole.document.status]).toEqual([0, "complete"]);
    expect(project.rig.read("first")).toBe("x\nx\n");
    expect(project.rig.read("third")).toBe("x\nx\n");
  });

  flowScenario(
    "wants the whole key of a step that failed for several items",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow(
        "items",
        `
steps:
  each:
    for-each: { items: "['a', 'b', 'c']" }
    on-failure: continue
    steps: { test: { run: "test -e \${{ item }}", on-failure: continue } }
`,
      );
      project.rig.write("b", "");
      await project.jsonInside(["run", "items", "--run-id", "i"]);
      const ambiguous = await project.jsonInside(["retry", "i", "--from", "test"]);
      expect(ambiguous.document.error).toMatchObject({
        message: 'the step "test" stands at several places',
        hint: "name one of them whole: each.1.test, each.3.test",
      });
      project.rig.write("a", "");
      const { document } = await project.jsonInside(["retry", "i", "--from", "each.1.test"]);
      expect(document.steps?.["each"]).toMatchObject({
        count: 3,
        failed: 0,
        items: [
          { steps: { test: { status: "done" } } },
          { steps: { test: { status: "done" } } },
          { steps: { test: { status: "failed" } } },
        ],
      });
    },
  );
});
