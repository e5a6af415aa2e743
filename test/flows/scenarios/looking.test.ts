import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { isAtRest } from "../../rig/is-under-way.ts";
import { until } from "../../rig/until.ts";
import type { FlowProject } from "./project.ts";
import { flowScenario } from "./project.ts";

const flow = `
description: Two steps
category: planning
steps:
  one: { run: "echo 1; echo oops >&2" }
  two: { run: "exit 3", needs: one, when: inputs.fails }
inputs: { type: object, properties: { fails: { type: boolean, default: false } } }
report: "# \${{ steps.one.stdout }}"
`;

/** Two flow runs that have ended: one well, one not. */
async function endedRuns(project: FlowProject): Promise<void> {
  project.writeFlow("pair", flow);
  await project.jsonInside(["run", "pair", "--run-id", "good", "--caller", "eva"]);
  await project.jsonInside([
    "run",
    "pair",
    "--run-id",
    "bad",
    "-i",
    "fails=true",
    "--caller",
    "tom",
  ]);
}

describe("delegate flow", () => {
  flowScenario("list shows flow runs, newest first, and filters them", async ({ newProject }) => {
    const project = await newProject();
    const none = await project.inside(["list"]);
    expect([none.exitCode, none.stdout, none.stderr]).toEqual([0, "", "delegate: no flow runs\n"]);
    expect((await project.inside(["show", "none"])).stderr).toContain("there is no flow run none");
    // Looking makes nothing.
    expect(existsSync(join(project.rig.handoffDir, ".flows"))).toBe(false);
    await endedRuns(project);
    const { stdout } = await project.inside(["list"]);
    expect(stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^bad {3}failed {4} +\d+ s {2}pair {2}tom$/),
      expect.stringMatching(/^good {2}complete {2} +\d+ s {2}pair {2}eva$/),
    ]);
    const { flowRuns } = JSON.parse((await project.inside(["list", "--json"])).stdout);
    expect(flowRuns).toMatchObject([{ flowRunId: "bad" }, { flowRunId: "good", name: "pair" }]);
    expect((await project.inside(["list", "--status", "failed"])).stdout).toMatch(/^bad .*\n$/);
    expect((await project.inside(["list", "--limit", "1"])).stdout).toMatch(/^bad .*\n$/);
    expect((await project.inside(["list", "--name", "other", "-q"])).stdout).toBe("");
  });

  flowScenario("show tells all of a flow run", async ({ newProject }) => {
    const project = await newProject();
    await endedRuns(project);
    const { stdout } = await project.inside(["show", "bad"]);
    expect(stdout).toContain("flow run: bad\nflow: pair\nstatus: failed at two: ");
    expect(stdout).toMatch(
      /\nsteps\n {2}1 one +done +\d+s\n {2}2 two +failed +\d+s {2}the command/,
    );
    expect(stdout).toMatch(/\nevents\n {2}\S+Z flow pair, started by tom\n/);
    const document = JSON.parse((await project.inside(["show", "good", "--json"])).stdout);
    expect(document).toMatchObject({
      flowRunId: "good",
      status: "complete",
      report: "# 1",
      end: { status: "complete" },
      tasks: [
        { key: "one", status: "done" },
        { key: "two", status: "skipped" },
      ],
    });
    const never = await project.inside(["show", "never"]);
    expect([never.exitCode, never.stderr]).toEqual([
      2,
      "delegate: there is no flow run never here\n  to do: delegate flow list shows those of this config; --config names another one\n",
    ]);
  });

  flowScenario("show has the beginning of inputs that are long", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("long", 'inputs: { properties: { t: {} } }\nsteps: { a: { run: "true" } }\n');
    project.rig.write("t.txt", "x".repeat(50_000));
    await project.inside(["run", "long", "--run-id", "l", "-i", "t=@t.txt"]);
    expect((await project.inside(["show", "l"])).stdout).toMatch(/^inputs: \{"t":"x{1990,1999}…$/m);
  });

  flowScenario("show has the end of what a failed command printed", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "loud",
      String.raw`steps: { a: { run: 'seq 100; printf "\033[31mred\033[0m\n" >&2; exit 1' } }`,
    );
    const { stderr } = await project.inside(["run", "loud", "--run-id", "l", "--format", "text"]);
    expect(stderr).toContain(
      "to do: delegate flow show l has what it printed; delegate flow retry l",
    );
    const { stdout } = await project.inside(["show", "l"]);
    expect(stdout).toMatch(
      /\n\na printed\n {2}… 60 more lines before these: delegate flow export l\n {2}61\n/,
    );
    expect(stdout).toMatch(/\n {2}100\n {2}.*red.*\n\nevents\n/);
    expect(stdout).not.toContain("\u001B");
  });

  flowScenario("logs tells what happened, and follows until the end", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "slow",
      'steps: { a: { run: "until test -e go; do sleep 0.05; done; exit 4" } }\n',
    );
    const running = project.start(["run", "slow", "--run-id", "s"]);
    await project.hasHappened("s", "step_started", "a");
    const past = await project.inside(["logs", "s"]);
    expect(past.stdout.trimEnd().split("\n").at(-1)).toMatch(/Z a begins$/);
    const following = project.start(["logs", "s", "-f", "--json", "--after-seq", "2"]);
    await until(() => following.output() !== "", "the first line");
    project.rig.write("go", "");
    const { exitCode, stdout } = await following.end;
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect([exitCode, events.map(({ seq }) => seq)]).toEqual([1, [3, 4, 5]]);
    expect(events.at(-1)).toMatchObject({
      type: "flow_ended",
      end: { status: "failed", key: "a" },
    });
    await running.end;
  });

  flowScenario("watch tells lines where there is no terminal", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow(
      "slow",
      'steps: { a: { run: "until test -e go; do sleep 0.05; done; exit 4" } }\n',
    );
    const running = project.start(["run", "slow", "--run-id", "s"]);
    await project.hasHappened("s", "step_started", "a");
    const all = project.start(["watch"]);
    const named = project.start(["watch", "s", "--exit-status"]);
    await until(() => all.output().includes("a begins"), "what is under way");
    project.rig.write("go", "");
    const { exitCode, stdout } = await named.end;
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/Z s ended: failed at a: .*\n$/)]);
    await until(() => all.output().includes("ended"), "the end");
    all.child.kill("SIGINT");
    expect((await all.end).exitCode).toBe(130);
    await running.end;
    const never = await project.inside(["watch", "never"]);
    expect([never.exitCode, never.stderr]).toEqual([2, expect.stringContaining("never")]);
  });

  flowScenario("graph draws a flow, and how far a flow run is", async ({ newProject }) => {
    const project = await newProject();
    await endedRuns(project);
    const plain = await project.inside(["graph", "pair"]);
    expect(plain.stdout).toMatch(/^pair: Two steps\n\n1 {2}one .*\n2 {2}two .*after one\n$/);
    const run = await project.inside(["graph", "bad", "--format", "mermaid"]);
    expect(run.stdout).toContain("classDef failed");
    const dot = await project.inside(["graph", "flows/pair.yaml", "--format", "dot"]);
    expect(dot.stdout).toMatch(/^digraph "pair" \{/);
    const never = await project.inside(["graph", "piar"]);
    expect([never.exitCode, never.stderr]).toEqual([2, expect.stringContaining('mean "pair"?')]);
  });

  flowScenario("validate tells all problems with their places", async ({ newProject }) => {
    const project = await newProject({
      agents: { coder: { command: ["cat"], handoff: "stdout" } },
    });
    project.writeFlow("good", 'steps: { a: { run: "true" } }\n');
    project.writeFlow(
      "wrong",
      "agents: { writer: codr }\nsteps:\n  a: { agent: writer, task: x, mode: plan }\n",
    );
    project.writeFlow(
      "broken",
      "steps:\n  a: { run: x, needs: b }\n  c: { rum: y }\n  d: { agent: w, task: x }\nagents: { w: codr }\n",
    );
    const good = await project.inside(["validate", "good"]);
    expect(good).toMatchObject({
      exitCode: 0,
      stdout: "flows/good.yaml: nothing is wrong with it\n",
    });
    const { exitCode, stdout } = await project.inside([
      "validate",
      "good",
      "wrong",
      "flows/broken.yaml",
    ]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^flows\/good.yaml: .*\nflows\/wrong.yaml:2:19: .*codr.*\n/);
    expect(stdout).toMatch(
      /\nflows\/broken.yaml:3:23: .*b.*\nflows\/broken.yaml:4:3: .*\nflows\/broken.yaml:4:8: .*rum.*\nflows\/broken.yaml:6:14: .*codr/,
    );
    const { flows } = JSON.parse((await project.inside(["validate", "--json", "broken"])).stdout);
    expect(flows).toMatchObject([
      { isValid: false, problems: [{ line: 3 }, { line: 4 }, { line: 4 }, { line: 6 }] },
    ]);
  });

  flowScenario("files lists the flows that have names", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("pair", flow);
    project.writeFlow("wrong", "steps: 3\n");
    const { stdout } = await project.inside(["files"]);
    expect(stdout).toMatch(/^build +Code, verify/m);
    expect(stdout).toMatch(/^pair +Two steps$/m);
    expect(stdout).toMatch(/^wrong +is not right: delegate flow validate wrong$/m);
    const { flows } = JSON.parse((await project.inside(["files", "--json"])).stdout);
    expect(flows).toContainEqual({
      name: "pair",
      description: "Two steps",
      category: "planning",
      path: join(project.rig.folder, "flows/pair.yaml"),
    });
  });

  flowScenario("export writes a flow run down", async ({ newProject }) => {
    const project = await newProject();
    await endedRuns(project);
    const { stdout } = await project.inside(["export", "good"]);
    expect(stdout).toContain("# Flow run good\n");
    expect(stdout).toContain("## Report\n\n# 1\n");
    expect(stdout).toContain("### one: done\n");
    expect(stdout).toContain("stderr:\n\n```text\noops\n```\n");
    const words = ["export", "good", "--format", "json", "-o", "good.json"];
    expect(await project.inside(words)).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(JSON.parse(project.rig.read("good.json"))).toMatchObject({
      schema: "delegate.flow-export.v1",
      request: { flowRunId: "good" },
      report: "# 1",
    });
    expect(statSync(join(project.rig.folder, "good.json")).mode & 0o777).toBe(0o600);
    const again = await project.inside(words);
    expect([again.exitCode, again.stderr]).toEqual([
      2,
      expect.stringContaining("is there already"),
    ]);
    const nowhere = await project.inside(["export", "good", "-o", "nowhere/good.md"]);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      74,
      expect.stringContaining("correct the path"),
    ]);
  });

  flowScenario("prune removes what ended long ago, with its files", async ({ newProject }) => {
    const project = await newProject();
    project.writeFlow("large", 'steps: { a: { run: "yes | head -c 100000" } }\n');
    await project.jsonInside(["run", "large", "--run-id", "l"]);
    const folder = join(project.rig.handoffDir, ".flows/l");
    expect(existsSync(folder)).toBe(true);
    expect((await project.inside(["prune"])).stderr).toBe("delegate: 0 removed\n");
    const words = ["prune", "--older-than", "0s"];
    const dry = await project.inside([...words, "--dry-run"]);
    expect([dry.stdout, dry.stderr]).toEqual([
      "l\n",
      "delegate: 1 would be removed, with 97.7 KiB of files\n",
    ]);
    expect(existsSync(folder)).toBe(true);
    const { removed, bytes } = JSON.parse((await project.inside([...words, "--json"])).stdout);
    expect([removed, bytes, existsSync(folder)]).toEqual([["l"], 100_000, false]);
    expect((await project.inside(["list", "-q"])).stdout).toBe("");
  });

  flowScenario(
    "the runs of its steps are not removed before it has ended",
    async ({ newProject }) => {
      const coder = { command: ["echo", "did it"], handoff: "stdout" };
      const project = await newProject({ agents: { coder } });
      project.writeFlow(
        "long",
        `
agents: { coder: coder }
steps: { work: { agent: coder, task: do it }, ok: { approve: "ok?", needs: work } }
`,
      );
      const running = project.start(["run", "long", "--run-id", "l"]);
      await project.hasHappened("l", "step_waiting", "ok");
      const words = ["prune", "--older-than", "0s"];
      expect(await project.rig.inside(words)).toMatchObject({ exitCode: 0, stdout: "" });
      await project.inside(["approve", "l", "ok"]);
      await running.end;
      expect(await project.rig.inside(words)).toMatchObject({
        exitCode: 0,
        stdout: "l.work.1.1\n",
      });
    },
  );

  flowScenario("doctor tells whether somebody goes on with them", async ({ newProject }) => {
    const project = await newProject({ agents: {} });
    const { rig } = project;
    const doctor = async (): Promise<string> => (await rig.inside(["doctor"])).stdout;
    expect(await doctor()).not.toContain("flows");
    project.writeFlow("asks", 'steps: { ok: { approve: "ok?" } }\n');
    const running = project.start(["run", "asks", "--run-id", "a"]);
    await project.hasHappened("a", "step_waiting", "ok");
    running.child.kill("SIGINT");
    await running.end;
    const place = join(rig.handoffDir, ".flows/flows.sqlite");
    const found = `flows: kept in ${place}, 1 under way`;
    expect(await doctor()).toContain(`warn ${found}, no worker is there for all of them\n`);
    const worker = rig.start(["worker"]);
    await isAtRest(worker);
    expect(await doctor()).toContain(`ok   ${found}, a worker is there\n`);
    worker.child.kill("SIGINT");
    await worker.end;
  });

  flowScenario("doctor tells that they can't be read", async ({ newProject }) => {
    const { rig } = await newProject({ agents: {} });
    mkdirSync(join(rig.handoffDir, ".flows"), { recursive: true });
    rig.write("handoffs/.flows/flows.sqlite", "x".repeat(10_000));
    const { exitCode, stdout } = await rig.inside(["doctor"]);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/^fail flows: .*flows\.sqlite.*\n {5}to do: /m),
    ]);
  });
});
