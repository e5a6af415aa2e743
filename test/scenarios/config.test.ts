import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { scenario } from "../rig/scenario.ts";

describe.concurrent("a config that can't be used", () => {
  scenario("none anywhere: what was looked for, and how to get one", async ({ newRig, expect }) => {
    const rig = await newRig();
    const empty = mkdtempSync(join(tmpdir(), "delegate-empty-"));
    try {
      const { exitCode, document, stderr } = await rig.json(["worker", "do it"], {
        cwd: empty,
        env: { HOME: empty },
      });
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^delegate: there is no delegate\.config\.json .*\n {2}to do: .*\n$/);
      expect(document).toMatchObject({
        status: "error",
        agent: "worker",
        error: { code: "config_invalid" },
      });
      expect(document.error?.message).toContain("there is no delegate.config.json");
      expect(document.error?.hint).toContain("delegate init");
    } finally {
      rmSync(empty, { recursive: true });
    }
  });

  scenario("one that is named and not there", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, document } = await rig.jsonInside([
      "worker",
      "do it",
      "--config",
      "nowhere.json",
    ]);
    expect(exitCode).toBe(2);
    expect(document.error?.message).toContain("nowhere.json does not exist");
  });

  scenario("one that is a folder", async ({ newRig, expect }) => {
    const rig = await newRig();
    mkdirSync(join(rig.folder, "conf"));
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--config", "conf"]);
    expect(exitCode).toBe(2);
    expect(document.error?.message).toContain("is a folder");
  });

  scenario("no JSON: with line and column", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.write("delegate.config.json", '{\n  "agents": {\n    "worker": { "port": 1,, }\n');
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(2);
    expect(document.error?.code).toBe("config_invalid");
    expect(document.error?.message).toMatch(/line 3/);
  });

  scenario(
    "wrong types, unknown keys and agents that nobody defined: all at once, each with its place",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.writeConfig({
        timeoutSeconds: "300",
        handofDir: "x",
        agents: { worker: { url: rig.gateway.origin, hookpath: "/x" }, broken: { port: "18789" } },
        acl: { worker: ["wroker", "ghost"] },
      });
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(2);
      const problems = document.error?.problems ?? [];
      const saidOf = (at: string): string =>
        problems.find((problem) => problem.at === at)?.message ?? "";
      expect(saidOf("/timeoutSeconds")).toMatch(/number/);
      expect(saidOf("/handofDir")).toContain("handoffDir");
      expect(saidOf("/agents/worker/hookpath")).toContain("hookPath");
      expect(saidOf("/agents/broken/port")).not.toBe("");
      expect(saidOf("/acl/worker/0")).toContain("worker");
      expect(saidOf("/acl/worker/1")).toContain('nobody defined the agent "ghost"');
      expect(document.error?.message).toContain(`${problems.length} problems`);
      const text = await rig.inside(["worker", "do it", "--format", "text"]);
      expect(text.stdout).toBe("");
      for (const { at } of problems) expect(text.stderr).toContain(`  ${at}: `);
    },
  );

  for (const mode of [0o620, 0o602, 0o666]) {
    scenario(
      `mode ${mode.toString(8)}: others could change it, so it is refused with the command that mends it`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        chmodSync(join(rig.folder, "delegate.config.json"), mode);
        const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
        expect(exitCode).toBe(2);
        expect(document.error?.message).toContain("can be changed by other users");
        expect(document.error?.hint).toMatch(/^chmod go-w /);
        expect(rig.gateway.requests).toEqual([]);
      },
    );
  }

  scenario(
    "a handoff folder that can't be made: said at once, with what to do",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("file", "");
      for (const handoffDir of ["/proc/nowhere/handoffs", "file", "file/below"]) {
        rig.writeConfig({ agents: { worker: { url: rig.gateway.origin } }, handoffDir });
        const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
        expect(exitCode).toBe(74);
        expect(document.error?.code).toBe("storage_failed");
        expect(document.error?.hint).toContain("handoffDir");
      }
      expect(rig.gateway.sent).toEqual([]);
    },
  );

  scenario(
    "a log folder that can't be made: a word on stderr, and the run goes on",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("file", "");
      rig.writeConfig({ agents: { worker: { url: rig.gateway.origin } }, logDir: "file" });
      const { exitCode, document, stderr } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(0);
      expect(document.status).toBe("complete");
      expect(stderr).toMatch(/^delegate: .+\n$/);
    },
  );

  scenario("every command says the same of it", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.writeConfig({ agents: 1 });
    for (const words of [
      ["show", "x"],
      ["list"],
      ["agents"],
      ["acl", "explain", "a", "b"],
      ["gateway", "status"],
    ]) {
      expect(await rig.inside(words)).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("/agents"),
      });
    }
    const waited = await rig.jsonInside(["wait", "x"]);
    expect(waited).toMatchObject({
      exitCode: 2,
      document: { runId: "x", error: { code: "config_invalid" } },
    });
    const doctor = await rig.inside(["doctor"]);
    expect(doctor).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^fail config/) });
  });
});

describe.concurrent("a token that can't be had", () => {
  const cases: readonly (readonly [
    what: string,
    env: Readonly<Record<string, string>>,
    words: string,
  ])[] = [
    ["whose variable is not set", {}, "TEST_HOOK_TOKEN, which holds the token, is not set"],
    [
      "whose variable is empty",
      { TEST_HOOK_TOKEN: " " },
      "TEST_HOOK_TOKEN, which holds the token, is empty",
    ],
    ["with a line break in it", { TEST_HOOK_TOKEN: "secret\nX-Evil: 1" }, "can't be a token"],
  ];
  for (const [what, env, words] of cases) {
    scenario(`${what} is a config failure, and nothing is sent`, async ({ newRig, expect }) => {
      const rig = await newRig({}, { token: { env: "TEST_HOOK_TOKEN" } });
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"], {
        env,
      });
      expect(exitCode).toBe(2);
      expect(document.error?.code).toBe("config_invalid");
      expect(document.error?.message).toContain(words);
      expect(JSON.stringify(document)).not.toContain("X-Evil");
      expect(rig.gateway.sent).toEqual([]);
    });
  }

  scenario(
    "whose file others can read is refused with the command that mends it",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      chmodSync(join(rig.folder, "token"), 0o644);
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(2);
      expect(document.error?.hint).toMatch(/^chmod 600 /);
      expect(JSON.stringify(document)).not.toContain("test-token-4711");
    },
  );

  scenario("a token from a variable arrives at the gateway", async ({ newRig, expect }) => {
    const rig = await newRig({}, { token: { env: "TEST_HOOK_TOKEN" } });
    await rig.inside(["worker", "do it"], { env: { TEST_HOOK_TOKEN: "from-env" } });
    expect(rig.gateway.sent[0]?.authorization).toBe("Bearer from-env");
  });
});
