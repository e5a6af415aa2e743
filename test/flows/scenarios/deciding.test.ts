import { describe, expect } from "vitest";
import { hasSaid } from "../../rig/has-said.ts";
import type { FlowProject } from "./project.ts";
import { documentOf, flowScenario } from "./project.ts";

const release = `
steps:
  build: { run: "echo v1" }
  ok: { approve: { message: "Release \${{ steps.build.stdout }}?", show: cat notes }, needs: build }
  end: { run: "echo released", needs: ok }
report: "approved by \${{ steps.ok.by }}: \${{ steps.ok.note }}"
`;

/** A flow run that has come to its approval, in a process that waits. */
async function waitingProject(project: FlowProject, flow = release) {
  project.rig.write("notes", "what is new\n");
  project.writeFlow("release", flow);
  const running = project.start(["run", "release", "--run-id", "r", "--caller", "author"]);
  await project.hasHappened("r", "step_waiting", "ok");
  await hasSaid(running, "waits for an approval");
  return running;
}

describe("a flow that waits for an approval", () => {
  flowScenario(
    "says what is to be approved, and goes on when another terminal does so",
    async ({ newProject }) => {
      const project = await newProject();
      const running = await waitingProject(project);
      const shown = await project.inside(["show", "r"]);
      expect(shown.stdout).toContain("ok waits for an approval\n  Release v1?\n\n  what is new\n");
      const [command = ""] = /delegate flow approve .*/.exec(shown.stdout) ?? [];
      const words = command.split(" ").slice(2);
      expect(words).toEqual(["approve", "r", "ok", "--digest", expect.stringMatching(/^\w{12}$/)]);
      const approved = await project.inside([...words, "--note", "go", "--by", "anna"]);
      expect(approved).toMatchObject({ exitCode: 0, stdout: "ok: approved by anna\n", stderr: "" });
      const { exitCode, document, stderr } = await documentOf(running);
      expect([exitCode, document.report]).toEqual([0, "approved by anna: go"]);
      expect(stderr.match(/waits for an approval/g)).toHaveLength(1);
      expect(stderr).toContain(`to do: ${command}\n`);
    },
  );

  flowScenario(
    "is not approved early, late, twice by others, or at the wrong step",
    async ({ newProject }) => {
      const project = await newProject();
      project.writeFlow(
        "late",
        `
steps:
  slow: { run: "until test -e go; do sleep 0.05; done" }
  ok: { approve: "All right?", needs: slow }
  end: { run: "true", needs: ok }
`,
      );
      const running = project.start(["run", "late", "--run-id", "l"]);
      await project.hasHappened("l", "step_started", "slow");
      const decide = (...words: readonly string[]) => project.inside([...words, "--json"]);
      const early = await decide("approve", "l", "ok");
      expect([early.exitCode, early.stderr]).toEqual([
        2,
        'delegate: "ok" does not wait yet\n  to do: no step of this flow run waits for anybody now\n',
      ]);
      project.rig.write("go", "");
      await project.hasHappened("l", "step_waiting", "ok");
      const wrong = await decide("approve", "l", "slow");
      expect(wrong.stderr).toContain('"slow" does not wait: it is done');
      expect(wrong.stderr).toContain("these wait for somebody: ok");
      const unknown = await decide("approve", "l", "slwo");
      expect(unknown.stderr).toContain(
        'the flow late has no step "slwo"\n  to do: did you mean slow?',
      );
      const nowhere = await decide("approve", "m", "ok");
      expect([nowhere.exitCode, JSON.parse(nowhere.stdout).error.code]).toEqual([2, "run_unknown"]);
      const asksNothing = await decide("answer", "l", "ok", "yes");
      expect(asksNothing.stderr).toContain('"ok" waits for an approval');
      expect((await decide("approve", "l", "ok", "--by", "anna")).exitCode).toBe(0);
      expect((await running.end).exitCode).toBe(0);
      const twice = await decide("approve", "l", "ok", "--by", "anna");
      expect([twice.exitCode, JSON.parse(twice.stdout).already]).toEqual([0, true]);
      const late = await decide("reject", "l", "ok");
      expect([late.exitCode, late.stderr]).toEqual([
        2,
        expect.stringContaining('"ok" is approved already'),
      ]);
    },
  );

  flowScenario(
    "is approved only by those whom the file names, and never by its author",
    async ({ newProject }) => {
      const project = await newProject();
      const required = release.replace("show: cat notes", "required-approver: [author, eva]");
      const running = await waitingProject(project, required);
      const byAuthor = await project.inside(["approve", "r", "ok", "--by", "author"]);
      expect([byAuthor.exitCode, byAuthor.stderr]).toEqual([
        2,
        'delegate: author has started the flow run and may not decide about "ok"\n  to do: one of these may: eva\n',
      ]);
      const byEnvironment = await project.inside(["approve", "r", "ok"], {
        env: { DELEGATE_CALLER: "tom" },
      });
      expect(byEnvironment.stderr).toContain('tom may not decide about "ok"');
      expect((await project.inside(["approve", "r", "ok", "--by", "eva"])).exitCode).toBe(0);
      expect((await running.end).exitCode).toBe(0);
    },
  );

  flowScenario("asks again when what is shown has changed", async ({ newProject }) => {
    const project = await newProject();
    const running = await waitingProject(project);
    const { stdout } = await project.inside(["show", "r", "--json"]);
    const [, digest = ""] = /--digest (\w+)/.exec(stdout) ?? [];
    project.rig.write("notes", "something else\n");
    const refused = [2, "", expect.stringContaining('what "ok" shows has changed since')];
    // First it is found by who looks again, then it is known.
    for (let time = 0; time < 2; time += 1) {
      const old = await project.inside(["approve", "r", "ok", "--digest", digest]);
      expect([old.exitCode, old.stdout, old.stderr]).toEqual(refused);
      await project.hasHappened("r", "step_waiting", "ok", 2);
    }
    await hasSaid(running, "  something else\n");
    expect((await project.inside(["approve", "r", "ok"])).exitCode).toBe(0);
    const { exitCode, stderr } = await running.end;
    expect([exitCode, stderr.match(/waits for an approval/g)]).toEqual([0, expect.any(Array)]);
  });

  flowScenario("goes back into its loop when it is rejected", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "loop",
      `
steps:
  work:
    loop: { max: 3, until: steps.ok.approved }
    steps:
      code: { run: 'echo "\${{ previous.ok.note }}"' }
      ok: { approve: "\${{ iteration }}?", needs: code, on-failure: next-iteration }
report: "\${{ steps.work.iterations }}: \${{ steps.work.steps.code.stdout }}"
`,
    );
    const running = project.start(["run", "loop", "--run-id", "l"]);
    await project.hasHappened("l", "step_waiting", "work.1.ok");
    await project.inside(["reject", "l", "ok", "--note", "shorter names"]);
    await project.hasHappened("l", "step_waiting", "work.2.ok");
    await project.inside(["approve", "l", "ok"]);
    const { exitCode, document } = await documentOf(running);
    expect([exitCode, document.report]).toEqual([0, "2: shorter names"]);
  });

  flowScenario("ends when it is rejected and nothing says where to go", async ({ newProject }) => {
    const project = await newProject();
    const running = await waitingProject(project);
    await project.inside(["reject", "r", "ok", "--note", "not today", "--by", "eva"]);
    const { exitCode, document } = await documentOf(running);
    expect(exitCode).toBe(1);
    expect(document.error).toMatchObject({
      code: "rejected",
      message: "ok: eva rejected it: not today",
    });
  });
});

describe("a flow that asks", () => {
  const asking = `
steps:
  kind: { ask: { question: "Which database?", options: [SQLite, PostgreSQL] } }
  count: { ask: { question: "How many?", answer: number } }
report: "\${{ steps.kind.answer }} \${{ steps.count.answer + 1 }}"
`;

  flowScenario("goes on with an option, a number, and nothing else", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("asking", asking);
    const running = project.start(["run", "asking", "--run-id", "a"]);
    await project.hasHappened("a", "step_waiting", "kind");
    await project.hasHappened("a", "step_waiting", "count");
    await hasSaid(running, "kind waits for an answer\n");
    const beyond = await project.inside(["answer", "a", "kind", "--option", "3"]);
    expect([beyond.exitCode, beyond.stderr]).toEqual([
      2,
      'delegate: "kind" has no option 3: it has 2\n  to do: delegate flow show a tells what it asks\n',
    ]);
    const wrong = await project.inside(["answer", "a", "count", "many"]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining("a number")]);
    const right = await project.inside(["answer", "a", "kind", "--option", "2", "--by", "eva"]);
    expect([right.exitCode, right.stdout]).toEqual([0, "kind: answered by eva\n"]);
    expect((await project.inside(["answer", "a", "count", "3"])).exitCode).toBe(0);
    const { exitCode, document, stderr } = await documentOf(running);
    expect([exitCode, document.report]).toEqual([0, "PostgreSQL 4"]);
    expect(stderr).toContain("kind waits for an answer\n  Which database?\n  1. SQLite\n");
  });
});
