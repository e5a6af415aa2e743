import { existsSync } from "node:fs";
import { describe, expect } from "vitest";
import { valueOf } from "../flows/conformance/rig.ts";
import type { FlowProject } from "../flows/scenarios/project.ts";
import { flowScenario } from "../flows/scenarios/project.ts";
import { addressOf, openWith, postgres } from "./postgres-kind.ts";
import { untilAsync } from "./until-async.ts";

const config = { store: { postgres: { env: "FLOW_DATABASE" } } };

const release = `
steps:
  build: { run: "echo v1" }
  ok: { approve: "Release \${{ steps.build.stdout }}?", needs: build }
  end: { run: "echo released", needs: ok }
report: "approved by \${{ steps.ok.by }}"
`;

/** A database for a project, and the environment in which commands find it. */
async function newDatabase(project: FlowProject) {
  const address = addressOf(await postgres.newPlace(project.rig.folder));
  const url = address.url.reveal();
  return { address, options: { env: { FLOW_DATABASE: url } }, password: new URL(url).password };
}

describe("the command, with flow runs in Postgres", () => {
  flowScenario("carries out a flow by itself", async ({ newProject }) => {
    const project = await newProject(config);
    const { options } = await newDatabase(project);
    project.writeFlow(
      "hello",
      'steps:\n  one: { run: "echo hi" }\nreport: "${{ steps.one.stdout }}"\n',
    );
    const { exitCode, document, stderr } = await project.json(["run", "hello", "--quiet"], options);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ status: "complete", report: "hi" });
  });

  flowScenario(
    "leaves it to a worker, and people approve from elsewhere",
    async ({ newProject }) => {
      const project = await newProject(config);
      const { address, options, password } = await newDatabase(project);
      project.writeFlow("release", release);
      const worker = project.rig.start(["worker"], options);
      const store = valueOf(await openWith(address));
      await untilAsync(async () => valueOf(await store.hasWorker()), "a worker");
      const begun = await project.run(
        ["run", "release", "--run-id", "r", "--detach", "--caller", "author"],
        options,
      );
      expect(begun).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`"status": "sent"`),
      });
      await untilAsync(
        async () => (valueOf(await store.read("r"))?.tasks.get("ok")?.status ?? "") === "waiting",
        "the approval",
      );
      const shown = await project.run(["show", "r"], options);
      const [command = ""] = /delegate flow approve .*/.exec(shown.stdout) ?? [];
      const approved = await project.run([...command.split(" ").slice(2), "--by", "anna"], options);
      expect(approved).toMatchObject({ exitCode: 0, stdout: "ok: approved by anna\n", stderr: "" });
      const waited = await project.json(["wait", "r"], options);
      expect(waited).toMatchObject({ exitCode: 0, document: { report: "approved by anna" } });
      const listed = await project.run(["list"], options);
      expect(listed.stdout).toContain("release");
      worker.child.kill("SIGTERM");
      const { stdout, stderr } = await worker.end;
      for (const text of [stdout, stderr, shown.stdout, listed.stdout, waited.stderr])
        expect(text).not.toContain(password);
      await store.close();
    },
  );

  flowScenario(
    "goes from one machine to the other: each worker takes what its agents can do",
    async ({ newProject }) => {
      const lacking = { command: ["false"], handoff: "stdout" };
      const [starter, left, right] = await Promise.all([
        newProject({ ...config, agents: { coder: lacking, auditor: lacking } }),
        newProject({ ...config, agents: { coder: says("code-of-left") } }),
        newProject({ ...config, agents: { auditor: says("seen-on-right") } }),
      ]);
      const { address, options } = await newDatabase(starter);
      starter.writeFlow(
        "both",
        `
agents: { coder: coder, reviewer: auditor }
steps:
  code: { agent: coder, task: "write" }
  review: { agent: reviewer, needs: code, task: "look at \${{ steps.code.result }}" }
report: "\${{ steps.code.result }}, \${{ steps.review.result }}"
`,
      );
      const workers = [left, right].map(({ rig }) => rig.start(["worker"], options));
      const store = valueOf(await openWith(address));
      await untilAsync(async () => valueOf(await store.hasWorker()), "a worker");
      await starter.run(["run", "both", "--run-id", "r", "--detach"], options);
      const { exitCode, document } = await starter.json(["wait", "r"], options);
      expect(document).toMatchObject({ status: "complete", report: "code-of-left, seen-on-right" });
      expect(exitCode).toBe(0);
      expect(existsSync(`${left.rig.handoffDir}/r.code.1.1/handoff.json`)).toBe(true);
      expect(existsSync(`${right.rig.handoffDir}/r.review.1.1/attempt-1.md`)).toBe(true);
      expect(right.rig.read("handoffs/r.review.1.1/attempt-1.md")).toContain("code-of-left");
      for (const { child } of workers) child.kill("SIGTERM");
      await store.close();
    },
  );

  flowScenario(
    "loses a worker: the agent that it had asked is not asked again where its folder is shared",
    async ({ newProject }) => {
      const slow =
        "cat > /dev/null; echo asked >> asked; until test -e go; do sleep 0.05; done; echo made";
      const project = await newProject({
        ...config,
        agents: { coder: { command: ["sh", "-c", slow], handoff: "stdout" } },
      });
      const { address, options } = await newDatabase(project);
      project.writeFlow(
        "slow",
        'agents: { coder: coder }\nsteps:\n  code: { agent: coder, task: "write" }\nreport: "${{ steps.code.result }}"\n',
      );
      const first = project.rig.start(["worker"], options);
      const store = valueOf(await openWith(address));
      await untilAsync(async () => valueOf(await store.hasWorker()), "a worker");
      await project.run(["run", "slow", "--run-id", "r", "--detach"], options);
      await untilAsync(async () => existsSync(`${project.rig.folder}/asked`), "the agent");
      first.child.kill("SIGKILL");
      await first.end;
      const second = project.rig.start(["worker"], options);
      await untilAsync(
        async () =>
          valueOf(await store.events("r", 0)).filter(({ type }) => type === "step_started")
            .length === 2,
        "the second worker",
      );
      project.rig.write("go", "");
      const { document } = await project.json(["wait", "r"], options);
      expect(document).toMatchObject({ status: "complete", report: "made" });
      expect(project.rig.read("asked")).toBe("asked\n");
      second.child.kill("SIGTERM");
      await second.end;
      await store.close();
    },
  );

  flowScenario("says what is missing", async ({ newProject }) => {
    const project = await newProject(config);
    const { exitCode, stderr } = await project.run(["list"], { env: { FLOW_DATABASE: undefined } });
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "delegate: the variable FLOW_DATABASE, which holds the address, is not set\n  to do: export FLOW_DATABASE=<the address of the Postgres>\n",
    );
  });
});

/** An agent that says a word. */
function says(word: string): object {
  return {
    command: ["sh", "-c", `cat > /dev/null; echo ${word}`],
    handoff: "stdout",
  };
}
