import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import type { RunRecord } from "../../src/run/stored/record.ts";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import {
  SteeredGateway,
  admit,
  answerAtOnce,
  goodHandoff,
  writeAsAgent,
} from "../rig/steered-gateway.ts";

async function listed(rig: Rig, ...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await rig.inside(["list", "--json", ...words]);
  const { runs }: { runs: readonly RunRecord[] } = JSON.parse(stdout);
  return runs.map(({ runId }) => runId);
}

describe.concurrent("delegate wait", () => {
  scenario(
    "gives the outcome of a run that is over, as often as it is asked",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const run = await rig.jsonInside(["worker", "do it", "--run-id", "mine"]);
      for (const words of [[], ["--timeout", "1"]])
        expect(await rig.jsonInside(["wait", "mine", ...words])).toEqual(run);
      expect((await rig.inside(["wait", "mine", "--format", "text"])).stdout).toBe("done: mine\n");
    },
  );

  scenario(
    "gives up after its own --timeout; the run goes on and can be waited for again",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside(["worker", "do it", "--no-wait", "--run-id", "mine"]);
      const early = await rig.jsonInside(["wait", "mine", "--timeout", "0.3"]);
      expect(early.exitCode).toBe(3);
      expect(early.document).toMatchObject({
        status: "timeout",
        runId: "mine",
        error: { code: "still_running" },
      });
      expect(early.document.error?.message).toContain("the time to wait is over; worker goes on");
      const [call] = rig.gateway.sent;
      if (call === undefined) throw new Error("nothing was sent");
      writeAsAgent(call.handoffPath, goodHandoff(call));
      expect((await rig.jsonInside(["wait", "mine"])).exitCode).toBe(0);
    },
  );

  scenario("an id that no run has", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, document } = await rig.jsonInside(["wait", "nothing"]);
    expect(exitCode).toBe(2);
    expect(document).toMatchObject({ runId: "nothing", error: { code: "run_unknown" } });
    expect(document.error?.hint).toContain("delegate list");
  });
});

describe.concurrent("delegate list", () => {
  scenario(
    "newest first, filtered and limited as asked; --json is one document",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const agents = { worker: { url: rig.gateway.origin }, other: { url: rig.gateway.origin } };
      rig.writeConfig({ agents, acl: { boss: ["worker"] } });
      await rig.inside(["worker", "first", "--run-id", "one", "--caller", "boss"]);
      const { document } = await rig.jsonInside(["other", "second"]);
      const second = String(document.runId);
      rig.gateway.onHook = answerAtOnce({ status: "failed", result: "no" });
      await rig.inside(["worker", "third", "--run-id", "three"]);
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside(["worker", "fourth", "--run-id", "four", "--no-wait"]);
      expect(await listed(rig)).toEqual(["four", "three", second, "one"]);
      expect(await listed(rig, "--limit", "2")).toEqual(["four", "three"]);
      expect(await listed(rig, "--agent", "worker")).toEqual(["four", "three", "one"]);
      expect(await listed(rig, "--caller", "boss")).toEqual(["one"]);
      expect(await listed(rig, "--status", "complete")).toEqual([second, "one"]);
      expect(await listed(rig, "--status", "running")).toEqual(["four"]);
      expect(await listed(rig, "--status", "failed")).toEqual(["three"]);
      expect(await listed(rig, "--status", "agent_failed", "--agent", "other")).toEqual([]);
      const lines = (await rig.inside(["list"])).stdout.trimEnd().split("\n");
      expect(lines).toHaveLength(4);
      expect(lines[1]).toMatch(/^three {2,}agent_failed {2,}\S+.* worker {2,}third$/);
    },
  );

  scenario("no runs yet", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.inside(["list"])).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: "delegate: no runs\n",
    });
    expect(await listed(rig)).toEqual([]);
  });

  scenario(
    "a status that there is not, and a limit that is no count",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      expect(await rig.inside(["list", "--status", "complet"])).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("did you mean complete?"),
      });
      expect(await rig.inside(["list", "--limit", "0"])).toMatchObject({ exitCode: 2, stdout: "" });
      expect(await rig.inside(["list", "more"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("one word too many"),
      });
    },
  );

  scenario("folders and files that are no runs are passed over", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.inside(["worker", "do it", "--run-id", "one"]);
    mkdirSync(join(rig.handoffDir, "empty"));
    mkdirSync(join(rig.handoffDir, "broken"));
    rig.write("handoffs/broken/run.json", "{");
    rig.write("handoffs/README.md", "hello");
    expect(await listed(rig)).toEqual(["one"]);
  });
});

describe.concurrent("delegate show", () => {
  scenario(
    "and list tell of a result that is there and that nobody has waited for",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it", "--run-id", "left", "--no-wait"]);
      expect((await rig.inside(["list"])).stdout).toMatch(/^left {2}handed_over {2}/);
      const { document: list } = await rig.jsonInside(["list", "--json"]);
      expect(list).toMatchObject({ runs: [{ runId: "left", status: null, state: "handed_over" }] });
      expect(await listed(rig, "--status", "handed_over")).toEqual(["left"]);
      expect((await rig.inside(["show", "left"])).stdout).toContain(
        "handed over: complete, and nobody waits for it: delegate wait left takes it\n",
      );
      const { document } = await rig.jsonInside(["show", "left", "--json"]);
      expect(document).toMatchObject({ untaken: { attempt: 1, status: "complete" } });
      await rig.jsonInside(["wait", "left"]);
      expect(await listed(rig, "--status", "handed_over")).toEqual([]);
      await rig.inside(["wait", "left"]);
      expect((await rig.inside(["list"])).stdout).toMatch(/^left {2}complete {2}/);
      expect((await rig.inside(["show", "left"])).stdout).not.toContain("handed over:");
    },
  );

  scenario(
    "tells record, events, message and handoff, for people and as JSON",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it", "--run-id", "one", "--workflow-id", "wf"]);
      const { exitCode, stdout } = await rig.inside(["show", "one"]);
      expect(exitCode).toBe(0);
      for (const words of [
        "run: one",
        "agent: worker",
        "workflow: wf",
        "status: complete",
        "attempts: 1 of 1",
        "\nevents\n",
        "handoff accepted (complete)",
        "\nmessage\n",
        "\nhandoff\n",
      ])
        expect(stdout).toContain(words);
      const json: unknown = JSON.parse((await rig.inside(["show", "one", "--json"])).stdout);
      expect(json).toMatchObject({
        record: { runId: "one", status: "complete" },
        message: rig.gateway.sent[0]?.body["message"],
        handoff: { result: "done: one" },
        folder: join(rig.handoffDir, "one"),
      });
    },
  );

  scenario("an id that no run has", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.inside(["show", "nothing"])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("there is no run nothing"),
    });
    expect(await rig.inside(["show", "../x"])).toMatchObject({ exitCode: 2, stdout: "" });
  });

  scenario(
    "a handoff that somebody spoiled later is no bug of ours",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it", "--run-id", "one"]);
      rig.write("handoffs/one/handoff.json", "{ spoiled");
      const { exitCode, stdout, stderr } = await rig.inside(["show", "one", "--json"]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ record: { runId: "one" }, handoff: null });
    },
  );
});

describe.concurrent("runs that can't be looked at", () => {
  scenario("because a file is where their folder should be", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.write("handoffs", "");
    for (const words of [
      ["list"],
      ["questions"],
      ["questions", "--open"],
      ["prune"],
      ["watch"],
      ["logs"],
      ["show", "r"],
      ["cancel", "r"],
      ["wait", "r", "--format", "text"],
    ]) {
      const { exitCode, stdout, stderr } = await rig.inside(words);
      expect({ words, exitCode, stdout }).toEqual({ words, exitCode: 74, stdout: "" });
      expect(stderr).toMatch(
        /^delegate: \S+\/handoffs can't be used: it is not a folder.*\n {2}to do: move it away, or /,
      );
    }
    const { document } = await rig.jsonInside(["list", "--json"]);
    expect(document.error?.code).toBe("storage_failed");
  });

  for (const [what, content] of [
    ["is not JSON", "{"],
    ["is something else", '{"schema":"delegate.request.v9"}'],
    ["lacks what a request has", '{"schema":"delegate.request.v1"}'],
  ] as const) {
    scenario(`because request.json ${what}`, async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it", "--run-id", "one"]);
      await rig.inside(["worker", "do it", "--run-id", "two"]);
      rig.write("handoffs/one/request.json", content);
      rmSync(join(rig.handoffDir, "one/run.json"));
      const told =
        /^delegate: \S+\/one\/request\.json can't be used: it is not what delegate wrote\n/;
      for (const words of [
        ["show", "one"],
        ["wait", "one", "--format", "text"],
        ["logs", "one"],
      ]) {
        const { exitCode, stdout, stderr } = await rig.inside(words);
        expect({ exitCode, stdout }).toEqual({ exitCode: 74, stdout: "" });
        expect(stderr).toMatch(told);
        expect(stderr).toContain(
          "to do: somebody else changed it; restore it, or delete the run's",
        );
      }
      const list = await rig.inside(["list"]);
      expect(list).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(told) });
      expect(list.stdout).toMatch(/^two /);
    });
  }
});

describe.concurrent("delegate agents and delegate doctor", () => {
  scenario(
    "agents: name, health, address and callers, in one go also when one is down",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const dead = await SteeredGateway.start();
      rig.writeConfig({
        agents: { worker: { url: rig.gateway.origin }, dead: { url: dead.origin } },
        acl: { boss: ["worker"] },
        requireCaller: true,
      });
      await dead.stop();
      const { exitCode, stdout } = await rig.inside(["agents"]);
      expect(exitCode).toBe(0);
      const [first, second] = stdout.trimEnd().split("\n");
      expect(first).toMatch(
        /^worker {2}\S+ {2}http:\/\/127\.0\.0\.1:\d+\/hooks\/agent .*callers: boss$/,
      );
      expect(second).toMatch(/^dead {2}\S.*callers: nobody$/);
      const json: unknown = JSON.parse((await rig.inside(["agents", "--json"])).stdout);
      expect(json).toMatchObject({
        agents: [
          { name: "worker", callers: ["boss"] },
          { name: "dead", reason: "connection refused", callers: [] },
        ],
      });
      expect(rig.gateway.calls).toEqual([]);
    },
  );

  scenario("doctor: all well is exit 0, and no agent is started", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call, response) => {
      if (call.authorization !== "Bearer test-token-4711")
        response.writeHead(401).end("Unauthorized");
      else
        response
          .writeHead(400, { "content-type": "application/json" })
          .end('{"ok":false,"error":"message required"}');
    };
    const { exitCode, stdout } = await rig.inside(["doctor"]);
    expect(stdout).not.toMatch(/^fail/m);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ok {3}config: /);
    expect(rig.gateway.calls.every(({ body }) => !("message" in body))).toBe(true);
  });

  scenario("doctor: a wrong token fails, with what to do", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => void response.writeHead(401).end("Unauthorized");
    const { exitCode, stdout } = await rig.inside(["doctor"]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail agent worker: .*\n {5}to do: .*token/m);
    const json = await rig.inside(["doctor", "--json"]);
    expect(json.exitCode).toBe(1);
    const { checks }: { checks: readonly { verdict: string }[] } = JSON.parse(json.stdout);
    expect(checks.some(({ verdict }) => verdict === "fail")).toBe(true);
  });
});

describe.concurrent("delegate handoff check", () => {
  const good = goodHandoff({ runId: "any" });

  scenario("needs no config, and says that a good one is good", async ({ newRig, expect }) => {
    const rig = await newRig();
    const folder = mkdtempSync(join(tmpdir(), "delegate-check-"));
    try {
      writeFileSync(join(folder, "good.json"), JSON.stringify(good));
      const checked = await rig.inside(["handoff", "check", "good.json"], { cwd: folder });
      expect(checked).toMatchObject({
        exitCode: 0,
        stdout: "good.json: a valid handoff\n",
        stderr: "",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  scenario("tells all that is wrong at once, each with its place", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.write("bad.json", JSON.stringify({ ...good, status: "done", confidence: 9, result: "" }));
    const { exitCode, stdout } = await rig.inside(["handoff", "check", "bad.json"]);
    expect(exitCode).toBe(5);
    for (const words of ["bad.json: 3 problems", "  /status: ", "  /confidence: ", "  /result: "])
      expect(stdout).toContain(words);
    const json: unknown = JSON.parse(
      (await rig.inside(["handoff", "check", "bad.json", "--json"])).stdout,
    );
    expect(json).toMatchObject({ isValid: false, problems: expect.any(Array) });
  });

  scenario(
    "--schema checks its data, --no-validate only status and result",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("schema.json", '{"type":"object","required":["total"]}');
      rig.write("good.json", JSON.stringify({ ...good, data: {} }));
      rig.write("short.json", '{"status":"complete","result":"x"}');
      expect(
        (await rig.inside(["handoff", "check", "good.json", "--schema", "schema.json"])).exitCode,
      ).toBe(5);
      expect((await rig.inside(["handoff", "check", "short.json", "--no-validate"])).exitCode).toBe(
        0,
      );
      expect((await rig.inside(["handoff", "check", "short.json"])).exitCode).toBe(5);
    },
  );

  scenario(
    "in a run's folder it checks for that run, schema included",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("schema.json", '{"type":"object","required":["total"]}');
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.inside([
        "worker",
        "do it",
        "--no-wait",
        "--run-id",
        "mine",
        "--schema",
        "schema.json",
      ]);
      writeAsAgent(
        join(rig.handoffDir, "mine/attempt-1.json"),
        goodHandoff({ runId: "other" }, { data: {} }),
      );
      const { exitCode, stdout } = await rig.inside([
        "handoff",
        "check",
        "handoffs/mine/attempt-1.json",
      ]);
      expect(exitCode).toBe(5);
      expect(stdout).toContain("  /runId: ");
      expect(stdout).toContain("total");
    },
  );

  scenario("- is stdin", async ({ newRig, expect }) => {
    const rig = await newRig();
    const words = ["handoff", "check", "-"];
    expect(await rig.run(words, { stdin: JSON.stringify(good) })).toMatchObject({
      exitCode: 0,
      stdout: "stdin: a valid handoff\n",
    });
    const bad = await rig.run([...words, "--json"], { stdin: "{" });
    expect(bad.exitCode).toBe(5);
    expect(JSON.parse(bad.stdout)).toMatchObject({ file: "stdin", isValid: false });
    const large = await rig.run(words, { stdin: " ".repeat(17 * 1024 * 1024) });
    expect(large).toMatchObject({ exitCode: 5, stdout: expect.stringContaining("16 MiB") });
  });

  scenario("a file that is not there", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.inside(["handoff", "check", "nowhere.json"])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("nowhere.json does not exist"),
    });
  });
});

describe.concurrent("delegate init", () => {
  scenario(
    "writes a config that works, only for its owner, and never overwrites one",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const folder = join(rig.folder, "fresh");
      mkdirSync(folder);
      const first = await rig.inside(["init"], { cwd: folder });
      expect(first).toMatchObject({ exitCode: 0, stderr: "" });
      const path = join(folder, "delegate.config.json");
      expect(first.stdout).toContain(path);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const text = readFileSync(path, "utf8");
      expect((await rig.inside(["agents"], { cwd: folder })).exitCode).toBe(0);
      const second = await rig.inside(["init"], { cwd: folder });
      expect(second).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("exists already"),
      });
      expect(readFileSync(path, "utf8")).toBe(text);
    },
  );

  scenario("into a folder that is not there", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, stderr } = await rig.inside([
      "init",
      "--config",
      "nowhere/delegate.config.json",
    ]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/^delegate: .+\n {2}to do: name a file in a folder that you may .+\n$/);
    expect(existsSync(join(rig.folder, "nowhere"))).toBe(false);
  });
});

describe.concurrent("delegate gateway", () => {
  scenario("status, start, status, start again, stop, stop again", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.writeConfig({ agents: { coder: { command: ["cat"] } } });
    expect(await rig.inside(["gateway", "status"])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("status: stopped"),
    });
    const started = await rig.inside(["gateway", "start", "--json"]);
    expect(started.exitCode).toBe(0);
    const { url, pid }: { url: string; pid: number } = JSON.parse(started.stdout);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const status: unknown = JSON.parse((await rig.inside(["gateway", "status", "--json"])).stdout);
    expect(status).toMatchObject({ status: "running", url, pid });
    expect(JSON.parse((await rig.inside(["gateway", "start", "--json"])).stdout)).toMatchObject({
      url,
      pid,
    });
    expect((await rig.inside(["gateway", "stop"])).exitCode).toBe(0);
    expect((await rig.inside(["gateway", "status"])).exitCode).toBe(1);
    expect(await rig.inside(["gateway", "stop"])).toMatchObject({ exitCode: 0, stderr: "" });
  });

  scenario("a word that it does not know", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.inside(["gateway", "strat"])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("did you mean start?"),
    });
    expect((await rig.inside(["gateway"])).stderr).toContain(
      "start, status, stop or run is missing",
    );
  });
});

describe.concurrent("delegate completion", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    scenario(
      `${shell}: a script that names every command, and that the shell can read where it is installed`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        const { exitCode, stdout, stderr } = await rig.inside(["completion", shell]);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
        for (const word of ["wait", "show", "list", "doctor", "handoff", "gateway"])
          expect(stdout).toContain(word);
        // From a file: fish can't read the kind of pipe that Node makes.
        const script = rig.write(`completion.${shell}`, stdout);
        const { error, status } = spawnSync(shell, ["-n", script]);
        if (error === undefined) expect(status).toBe(0);
      },
    );
  }
});
