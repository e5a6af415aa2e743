import { existsSync } from "node:fs";
import { describe, expect } from "vitest";
import { valueOf } from "../flows/conformance/rig.ts";
import { flowScenario } from "../flows/scenarios/project.ts";
import { openWith } from "./postgres-kind.ts";
import { newDatabase, store } from "./project-database.ts";
import { untilAsync } from "./until-async.ts";

const config = { store };

const release = `
steps:
  build: { run: "echo v1" }
  ok: { approve: "Release \${{ steps.build.stdout }}?", needs: build }
  end: { run: "echo released", needs: ok }
report: "approved by \${{ steps.ok.by }}"
`;

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
      const opened = valueOf(await openWith(address));
      await untilAsync(async () => valueOf(await opened.hasWorker(null)), "a worker");
      const begun = await project.run(
        ["run", "release", "--run-id", "r", "--detach", "--caller", "author"],
        options,
      );
      expect(begun).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`"status": "sent"`),
      });
      await untilAsync(
        async () => (valueOf(await opened.read("r"))?.tasks.get("ok")?.status ?? "") === "waiting",
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
      await opened.close();
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
      const opened = valueOf(await openWith(address));
      await untilAsync(async () => valueOf(await opened.hasWorker(null)), "a worker");
      await project.run(["run", "slow", "--run-id", "r", "--detach"], options);
      await untilAsync(async () => existsSync(`${project.rig.folder}/asked`), "the agent");
      first.child.kill("SIGKILL");
      await first.end;
      const second = project.rig.start(["worker"], options);
      await untilAsync(
        async () =>
          valueOf(await opened.events("r", 0)).filter(({ type }) => type === "step_started")
            .length === 2,
        "the second worker",
      );
      project.rig.write("go", "");
      const { document } = await project.json(["wait", "r"], options);
      expect(document).toMatchObject({ status: "complete", report: "made" });
      expect(project.rig.read("asked")).toBe("asked\n");
      second.child.kill("SIGTERM");
      await second.end;
      await opened.close();
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
