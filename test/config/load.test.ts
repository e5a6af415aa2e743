import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Problem } from "../../src/failure.ts";
import { putFile, tempFolder } from "./temp-folder.ts";

const gateway = { port: 18804 };

function load(folder: string, config: unknown, env: Record<string, string> = {}) {
  putFile(folder, "delegate.config.json", config);
  return loadConfig({ explicitPath: null, env, cwd: folder });
}

function loadPath(path: string) {
  return loadConfig({ explicitPath: path, env: {}, cwd: "/" });
}

function loaded(config: unknown, folder = tempFolder()): Config {
  const result = load(folder, config);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function problemsOf(config: unknown, folder = tempFolder()): readonly Problem[] {
  const result = load(folder, config);
  if (result.ok) throw new Error("it loaded");
  expect(result.failure.code).toBe("config_invalid");
  return result.failure.problems ?? [];
}

describe("a config that loads", () => {
  test("an empty one has every default, and absolute paths", () => {
    const folder = tempFolder();
    const result = load(folder, {});
    expect(result).toMatchObject({
      ok: true,
      value: {
        path: join(folder, "delegate.config.json"),
        handoffDir: join(folder, "handoffs"),
        logDir: join(folder, "logs"),
        requireCaller: false,
        maxDepth: 3,
        timeoutSeconds: 300,
        retry: { attempts: 1, baseMs: 3000, maxMs: 60_000 },
        watch: "notify",
        gateway: { maxConcurrent: 8, idleSeconds: 300 },
        discord: null,
        telegram: null,
        notify: null,
        questions: null,
        flows: { dir: join(folder, "flows"), limits: { steps: 8, agents: {}, groups: {} } },
        store: null,
      },
    });
  });

  test("an agent behind a gateway has every default", () => {
    expect(loaded({ agents: { "tech-lead": gateway } }).agents["tech-lead"]).toEqual({
      kind: "gateway",
      name: "tech-lead",
      mode: "write",
      origin: "http://127.0.0.1:18804",
      hookPath: "/hooks/agent",
      agentId: "tech-lead",
      token: null,
      agentHandoffDir: null,
      deliver: null,
      sessionKey: null,
      timeoutSeconds: null,
    });
  });

  test("an agent behind a gateway keeps everything that is written", () => {
    const folder = tempFolder();
    putFile(folder, "hook.token", "t");
    const result = load(folder, {
      agents: {
        Lead: {
          url: "http://10.0.0.1:1/",
          insecure: true,
          hookPath: "/hooks/delegate/lead",
          agentId: "lead",
          token: { file: "hook.token" },
          agentHandoffDir: "/mnt/handoffs/",
          deliver: { channel: "discord", to: "channel:1" },
          sessionKey: "hook:lead",
          timeoutSeconds: 0.5,
        },
      },
    });
    expect(result.ok && result.value.agents["Lead"]).toEqual({
      kind: "gateway",
      name: "Lead",
      mode: "write",
      origin: "http://10.0.0.1:1",
      hookPath: "/hooks/delegate/lead",
      agentId: "lead",
      token: { file: join(folder, "hook.token") },
      agentHandoffDir: "/mnt/handoffs",
      deliver: { channel: "discord", to: "channel:1" },
      sessionKey: "hook:lead",
      timeoutSeconds: 0.5,
    });
  });

  test("an agent that is a command has every default", () => {
    const folder = tempFolder();
    const result = load(folder, { agents: { coder: { command: ["my-agent", "{handoffDir}/x"] } } });
    expect(result.ok && result.value.agents["coder"]).toEqual({
      kind: "command",
      name: "coder",
      command: ["my-agent", `${folder}/handoffs/x`],
      handoff: "file",
      prompt: "stdin",
      cwd: folder,
      env: {},
      preset: null,
      mode: "write",
      planCall: null,
      maxOutputBytes: 16 * 1024 * 1024,
      timeoutSeconds: null,
    });
  });

  test("a program with a slash, a folder and ~/ start where they should", () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "work"));
    putFile(folder, "agent.sh", "#!/bin/sh\n", 0o700);
    const config = {
      handoffDir: "~/handoffs",
      logDir: "~",
      agents: { a: { command: ["./agent.sh", "./as-it-is"], cwd: "work", handoff: "stdout" } },
    };
    expect(load(folder, config, { HOME: folder })).toMatchObject({
      ok: true,
      value: {
        handoffDir: join(folder, "handoffs"),
        logDir: folder,
        agents: {
          a: { command: [join(folder, "agent.sh"), "./as-it-is"], cwd: join(folder, "work") },
        },
      },
    });
    expect(load(folder, config)).toMatchObject({ ok: true, value: { logDir: join(folder, "~") } });
  });

  test("a preset brings arguments, and further ones stand behind them", () => {
    const folder = tempFolder();
    const agents = {
      coder: { preset: "codex", args: ["-m", "big"], program: "codex-nightly", timeoutSeconds: 9 },
    };
    const result = load(folder, { agents });
    expect(result.ok && result.value.agents["coder"]).toMatchObject({
      command: [
        "codex-nightly",
        "exec",
        "--sandbox",
        "workspace-write",
        "--skip-git-repo-check",
        "--add-dir",
        join(folder, "handoffs"),
        "-m",
        "big",
        "-",
      ],
      preset: "codex",
      mode: "write",
      handoff: "file",
      prompt: "stdin",
      timeoutSeconds: 9,
    });
  });

  test("a preset may hand over by stdout in write mode", () => {
    const { agents } = loaded({ agents: { a: { preset: "claude", handoff: "stdout" } } });
    expect(agents["a"]).toMatchObject({ handoff: "stdout", mode: "write" });
  });

  test("plan mode can't be loosened by a variable", () => {
    const env = { OPENCODE_PERMISSION: "{}", OTHER: { env: "MINE" } };
    const { agents } = loaded({ agents: { a: { preset: "opencode", mode: "plan", env } } });
    expect(agents["a"]).toMatchObject({
      mode: "plan",
      handoff: "stdout",
      env: {
        OPENCODE_PERMISSION: expect.stringContaining('"bash":"deny"'),
        OTHER: { env: "MINE" },
      },
    });
  });

  test("whatever an agent is configured for, it knows how it runs when it may only read", () => {
    const folder = tempFolder();
    putFile(folder, "read.sh", "#!/bin/sh\n", 0o700);
    const own = { command: ["a", "--write"], planCommand: ["./read.sh"], env: { A: "1" } };
    const { agents } = loaded({ agents: { a: own, b: { preset: "gemini" } } }, folder);
    expect(agents["a"]).toMatchObject({
      command: ["a", "--write"],
      handoff: "file",
      planCall: {
        command: [join(folder, "read.sh")],
        handoff: "stdout",
        prompt: "stdin",
        env: { A: "1" },
      },
    });
    expect(agents["b"]).toMatchObject({ planCall: null });
  });

  test("what was given for writing does not go along into a read-only call", () => {
    const given = { preset: "claude", args: ["--dangerously-skip-permissions"] };
    const { agents } = loaded({
      agents: {
        a: given,
        b: { ...given, planArgs: ["--model", "small"] },
        c: { preset: "claude", mode: "plan", args: ["--model", "small"] },
      },
    });
    const plan = ["claude", "-p", "--permission-mode", "plan", "--tools", "Read,Grep,Glob"];
    expect(agents["a"]).toMatchObject({ planCall: { command: plan } });
    expect(agents["b"]).toMatchObject({ planCall: { command: [...plan, "--model", "small"] } });
    expect(agents["c"]).toMatchObject({ command: [...plan, "--model", "small"] });
  });

  test("an agent behind a gateway can be said to have only reading tools", () => {
    expect(loaded({ agents: { a: { ...gateway, mode: "plan" } } }).agents["a"]).toMatchObject({
      kind: "gateway",
      mode: "plan",
    });
  });

  test("flows and their store", () => {
    const folder = tempFolder();
    putFile(folder, "postgres.url", "postgres://…");
    const { flows, store } = loaded(
      {
        agents: { a: gateway },
        flows: { dir: "~/flows", limits: { steps: 2, agents: { a: 1 }, groups: { web: 3 } } },
        store: { postgres: { file: "postgres.url" }, agentsElsewhere: ["coder"] },
      },
      folder,
    );
    expect(flows).toEqual({
      dir: join(folder, "~/flows"),
      limits: { steps: 2, agents: { a: 1 }, groups: { web: 3 } },
    });
    expect(store).toEqual({
      postgres: { file: join(folder, "postgres.url") },
      agentsElsewhere: ["coder"],
    });
  });

  test("plan mode of a command runs its planCommand and nothing else", () => {
    const plan = { command: ["a", "--write"], planCommand: ["a", "--read"], mode: "plan" };
    expect(loaded({ agents: { a: plan } }).agents["a"]).toMatchObject({
      command: ["a", "--read"],
      handoff: "stdout",
      prompt: "stdin",
    });
  });

  test("a caller need not be an agent of this config", () => {
    const { acl } = loaded({
      agents: { "coder-1": gateway },
      acl: { manager: ["coder-1"], "coder-2": ["coder-1"] },
    });
    expect(acl["manager"]).toEqual(["coder-1"]);
  });

  test("no agent and no acl list is found under a name that every object has", () => {
    const { agents, acl } = loaded({ agents: { a: gateway }, acl: { a: [] } });
    expect(agents["constructor"]).toBeUndefined();
    expect(acl["toString"]).toBeUndefined();
  });

  test("a long first rest raises the longest one with it", () => {
    expect(loaded({ retry: { baseMs: 100_000 } }).retry).toEqual({
      attempts: 1,
      baseMs: 100_000,
      maxMs: 100_000,
    });
  });

  test("a byte order mark and a $schema are no problem", () => {
    expect(load(tempFolder(), '\uFEFF{"$schema": "./config.schema.json"}').ok).toBe(true);
  });
});

describe("a config with something wrong says where and what", () => {
  test.each<[string, unknown, string, string]>([
    [
      "an unknown key",
      { handofDir: "x" },
      "/handofDir",
      'unknown key "handofDir"; did you mean "handoffDir"?',
    ],
    ["a foreign key", { zebra: 1 }, "/zebra", 'unknown key "zebra"'],
    [
      "an unknown key of retry",
      { retry: { attemps: 1 } },
      "/retry/attemps",
      'did you mean "attempts"?',
    ],
    ["an unknown key of gateway", { gateway: { idle: 1 } }, "/gateway/idle", 'unknown key "idle"'],
    [
      "an unknown key of an agent",
      { agents: { a: { ...gateway, tokne: {} } } },
      "/agents/a/tokne",
      'did you mean "token"?',
    ],
    [
      "an unknown key of a token",
      { agents: { a: { ...gateway, token: { evn: "X" } } } },
      "/agents/a/token/evn",
      'did you mean "env"?',
    ],
    ["a key that stands twice", '{"acl": {}, "acl": {}}', "/acl", "stands twice"],
    ["a list as config", [], "", "must be an object, not an array"],
    ["a null as config", null, "", "must be an object, not null"],
    ["a number as folder", { handoffDir: 1 }, "/handoffDir", "must be a text, not a number"],
    ["an empty folder", { handoffDir: " " }, "/handoffDir", "must be text, not empty"],
    ["a line break in a folder", { logDir: "a\nb" }, "/logDir", "without control characters"],
    ["a text as number", { maxDepth: "3" }, "/maxDepth", "must be a whole number, not a text"],
    ["a fraction", { maxDepth: 1.5 }, "/maxDepth", "must be a whole number, not a fraction"],
    ["a depth of 0", { maxDepth: 0 }, "/maxDepth", "must be at least 1"],
    ["no time", { timeoutSeconds: 0 }, "/timeoutSeconds", "must be more than 0"],
    ["too much time", { timeoutSeconds: 1e9 }, "/timeoutSeconds", "must be at most 604800"],
    ["four attempts", { retry: { attempts: 4 } }, "/retry/attempts", "must be at most 3"],
    [
      "rests in the wrong order",
      { retry: { baseMs: 2, maxMs: 1 } },
      "/retry/baseMs",
      "must not be more than maxMs",
    ],
    [
      "an unknown word",
      { watch: "notfy" },
      "/watch",
      'must be "notify" or "poll"; did you mean "notify"?',
    ],
    ["a number for a word", { watch: 1 }, "/watch", 'must be "notify" or "poll"'],
    ["a text as agent", { agents: { a: "x" } }, "/agents/a", "must be an object, not a text"],
    [
      "a name too long for any folder",
      { agents: { a: { command: ["x"], cwd: "x".repeat(300) } } },
      "/agents/a/cwd",
      "does not exist",
    ],
    ["a number as agents", { agents: 1 }, "/agents", "must be an object, not a number"],
    ["a list as agents", { agents: [] }, "/agents", "must be an object, not an array"],
    [
      "an agent without address",
      { agents: { a: {} } },
      "/agents/a",
      "needs one of url, port, command, preset",
    ],
    [
      "an agent with two",
      { agents: { a: { ...gateway, preset: "claude" } } },
      "/agents/a",
      "has port and preset, of which only one is possible",
    ],
    [
      "a name with a slash",
      { agents: { "a/b": { command: ["x"] } } },
      "/agents/a~1b",
      "an agent's name has",
    ],
    ["an empty name", { agents: { "": { command: ["x"] } } }, "/agents/", "an agent's name has"],
    ["a name that is no id", { agents: { Lead: gateway } }, "/agents/Lead", 'add "agentId"'],
    [
      "an id that is no id",
      { agents: { a: { ...gateway, agentId: "../main" } } },
      "/agents/a/agentId",
      "must have small letters",
    ],
    ["a port of 0", { agents: { a: { port: 0 } } }, "/agents/a/port", "must be at least 1"],
    [
      "a port too high",
      { agents: { a: { port: 65536 } } },
      "/agents/a/port",
      "must be at most 65535",
    ],
    ["no URL", { agents: { a: { url: "localhost:1" } } }, "/agents/a/url", "must be like"],
    [
      "a URL with a path",
      { agents: { a: { url: "http://127.0.0.1/x" } } },
      "/agents/a/url",
      'put it into "hookPath"',
    ],
    [
      "plain http to elsewhere",
      { agents: { a: { url: "http://10.0.0.1" } } },
      "/agents/a/url",
      'add "insecure": true',
    ],
    [
      "a hook path without slash",
      { agents: { a: { ...gateway, hookPath: "hooks" } } },
      "/agents/a/hookPath",
      "must be a path like",
    ],
    [
      "a hook path with slash at its end",
      { agents: { a: { ...gateway, hookPath: "/hooks/agent/" } } },
      "/agents/a/hookPath",
      "no slash at its end",
    ],
    [
      "a hook path that climbs",
      { agents: { a: { ...gateway, hookPath: "/hooks/../x" } } },
      "/agents/a/hookPath",
      "must be a path like",
    ],
    [
      "a hook path with a query",
      { agents: { a: { ...gateway, hookPath: "/h?token=x" } } },
      "/agents/a/hookPath",
      "no query",
    ],
    [
      "a relative folder of the agent",
      { agents: { a: { ...gateway, agentHandoffDir: "x" } } },
      "/agents/a/agentHandoffDir",
      "must be an absolute path",
    ],
    [
      "half a delivery",
      { agents: { a: { ...gateway, deliver: { channel: "discord" } } } },
      "/agents/a/deliver",
      'needs the key "to"',
    ],
    [
      "a delivery to the last channel",
      { agents: { a: { ...gateway, deliver: { channel: "last", to: "x" } } } },
      "/agents/a/deliver/channel",
      "must name a channel",
    ],
    [
      "an empty token",
      { agents: { a: { ...gateway, token: {} } } },
      "/agents/a/token",
      'must be {"env": "NAME"} or {"file": "path"}',
    ],
    [
      "two tokens",
      { agents: { a: { ...gateway, token: { env: "X", file: "y" } } } },
      "/agents/a/token",
      'must be {"env": "NAME"} or',
    ],
    [
      "an empty command",
      { agents: { a: { command: [] } } },
      "/agents/a/command",
      "must not be empty",
    ],
    [
      "a command without program",
      { agents: { a: { command: [" ", "x"] } } },
      "/agents/a/command/0",
      "must name a program",
    ],
    [
      "a number in a command",
      { agents: { a: { command: ["x", 1] } } },
      "/agents/a/command/1",
      "must be a text, not a number",
    ],
    [
      "a NUL in a command",
      { agents: { a: { command: ["x", "\0"] } } },
      "/agents/a/command/1",
      "must not contain a NUL character",
    ],
    [
      "a key of a command behind a gateway",
      { agents: { a: { ...gateway, cwd: "." } } },
      "/agents/a/cwd",
      "only an agent that is a command",
    ],
    [
      "a key of a gateway at a command",
      { agents: { a: { command: ["x"], hookPath: "/x" } } },
      "/agents/a/hookPath",
      "only an agent behind a gateway",
    ],
    [
      "args of a command",
      { agents: { a: { command: ["x"], args: ["y"] } } },
      "/agents/a/args",
      'put it into "command"',
    ],
    [
      "the prompt of a preset",
      { agents: { a: { preset: "claude", prompt: "stdin" } } },
      "/agents/a/prompt",
      "the preset knows it",
    ],
    [
      "an unknown preset",
      { agents: { a: { preset: "gemni" } } },
      "/agents/a/preset",
      'did you mean "gemini"?',
    ],
    [
      "plan with a preset that has none",
      { agents: { a: { preset: "gemini", mode: "plan" } } },
      "/agents/a/mode",
      "has no read-only mode",
    ],
    [
      "plan with a plain command",
      { agents: { a: { command: ["x"], mode: "plan" } } },
      "/agents/a/mode",
      'add "planCommand"',
    ],
    [
      "further arguments for a preset that has no read-only mode",
      { agents: { a: { preset: "gemini", planArgs: ["x"] } } },
      "/agents/a/planArgs",
      "has no read-only mode",
    ],
    [
      "planArgs of a command",
      { agents: { a: { command: ["x"], planCommand: ["x"], planArgs: ["y"] } } },
      "/agents/a/planArgs",
      'put it into "command"',
    ],
    [
      "a limit for an agent that is not there",
      { agents: { coder: gateway }, flows: { limits: { agents: { codre: 1 } } } },
      "/flows/limits/agents/codre",
      'did you mean "coder"?',
    ],
    [
      "no step at all at once",
      { flows: { limits: { steps: 0 } } },
      "/flows/limits/steps",
      "must be at least 1",
    ],
    [
      "a limit that is misspelled",
      { flows: { limits: { group: {} } } },
      "/flows/limits/group",
      'did you mean "groups"?',
    ],
    [
      "an address with its password in the config",
      { store: { postgres: "postgres://me:secret@db/flows" } },
      "/store/postgres",
      'must be {"env": "NAME"} or {"file": "path"}, never the address itself',
    ],
    [
      "a store that is not known",
      { store: { postgres: { env: "X" }, mysql: {} } },
      "/store/mysql",
      'unknown key "mysql"',
    ],
    [
      "an address file that is not there",
      { store: { postgres: { file: "gone" } } },
      "/store/postgres/file",
      "does not exist",
    ],
    [
      "plan that writes the file",
      { agents: { a: { preset: "claude", mode: "plan", handoff: "file" } } },
      "/agents/a/handoff",
      'use "stdout"',
    ],
    [
      "a variable without name",
      { agents: { a: { command: ["x"], env: { "A-B": "1" } } } },
      "/agents/a/env/A-B",
      "is no name of a variable",
    ],
    [
      "a variable of ours",
      { agents: { a: { command: ["x"], env: { DELEGATE_RUN_ID: "1" } } } },
      "/agents/a/env/DELEGATE_RUN_ID",
      "is set by delegate itself",
    ],
    [
      "a variable from nowhere",
      { agents: { a: { command: ["x"], env: { A: {} } } } },
      "/agents/a/env/A",
      'needs the key "env"',
    ],
    [
      "a number as variable",
      { agents: { a: { command: ["x"], env: { A: 1 } } } },
      "/agents/a/env/A",
      "must be a text or an object, not a number",
    ],
    [
      "an unknown target in the acl",
      { agents: { coder: gateway, b: gateway }, acl: { b: ["codre"] } },
      "/acl/b/0",
      'nobody defined the agent "codre"; did you mean "coder"?',
    ],
    [
      "an agent with a command's name",
      { agents: { list: gateway } },
      "/agents/list",
      '"delegate list" is a command, so no agent can have this name',
    ],
    [
      "a mistyped caller in the acl",
      { agents: { coder: gateway, b: gateway }, acl: { codre: ["b"] } },
      "/acl/codre",
      'nobody defined the agent "codre"; did you mean "coder"?',
    ],
    [
      "an agent that calls itself",
      { agents: { a: gateway }, acl: { a: ["a"] } },
      "/acl/a/0",
      "an agent may not delegate to itself",
    ],
    ["a registry that is not there", { registry: "gone.json" }, "/registry", "does not exist"],
    [
      "a token file that is not there",
      { agents: { a: { ...gateway, token: { file: "gone" } } } },
      "/agents/a/token/file",
      "does not exist",
    ],
    [
      "a token file that is a folder",
      { agents: { a: { ...gateway, token: { file: "." } } } },
      "/agents/a/token/file",
      "is a folder, not a file",
    ],
    [
      "a working folder that is not there",
      { agents: { a: { command: ["x"], cwd: "gone" } } },
      "/agents/a/cwd",
      "does not exist",
    ],
    [
      "a working folder that is a file",
      { agents: { a: { command: ["x"], cwd: "delegate.config.json" } } },
      "/agents/a/cwd",
      "is not a folder",
    ],
    [
      "a path through a file",
      { agents: { a: { command: ["x"], cwd: "delegate.config.json/x" } } },
      "/agents/a/cwd",
      "does not exist",
    ],
    [
      "a program that is not there",
      { agents: { a: { command: ["./gone"] } } },
      "/agents/a/command/0",
      "does not exist",
    ],
    [
      "a plan program that is not there",
      { agents: { a: { command: ["x"], planCommand: ["./gone"] } } },
      "/agents/a/planCommand/0",
      "does not exist",
    ],
    [
      "a preset's program that is not there",
      { agents: { a: { preset: "claude", program: "./gone" } } },
      "/agents/a/program",
      "does not exist",
    ],
  ])("%s", (_title, config, at, message) => {
    expect(problemsOf(config)).toEqual([{ at, message: expect.stringContaining(message) }]);
  });

  test("two mistakes in one place are both told", () => {
    expect(problemsOf({ agents: { a: { ...gateway, deliver: { channel: 1 } } } })).toEqual([
      { at: "/agents/a/deliver", message: 'needs the key "to"' },
      { at: "/agents/a/deliver/channel", message: "must be a text, not a number" },
    ]);
  });

  test("everything at once, whatever kind of mistake it is", () => {
    const problems = problemsOf({
      maxDeph: 3,
      timeoutSeconds: "300",
      registry: "gone.json",
      agents: {
        a: { url: "http://10.0.0.1", tokne: { env: "X" } },
        b: { command: ["x"], cwd: "gone", mode: "plan" },
        c: { prot: 1 },
      },
      retry: { attempts: 0 },
      acl: { a: ["a"] },
    });
    expect(problems.map(({ at }) => at).toSorted()).toEqual([
      "/acl/a/0",
      "/agents/a/tokne",
      "/agents/a/url",
      "/agents/b/cwd",
      "/agents/b/mode",
      "/agents/c/prot",
      "/maxDeph",
      "/registry",
      "/retry/attempts",
      "/timeoutSeconds",
    ]);
  });

  test("the sentence says which file, and how many problems or which one", () => {
    const folder = tempFolder();
    const path = join(folder, "delegate.config.json");
    const [one, two, whole] = [{ a: 1 }, { a: 1, b: 2 }, []].map((config) => load(folder, config));
    expect(one).toMatchObject({
      ok: false,
      failure: { message: `the config ${path} has a problem: /a: unknown key "a"` },
    });
    expect(two).toMatchObject({
      ok: false,
      failure: { message: `the config ${path} has 2 problems` },
    });
    expect(whole).toMatchObject({
      ok: false,
      failure: { message: `the config ${path} has a problem: must be an object, not an array` },
    });
  });

  test("a token written into it is never repeated", () => {
    const secret = "sk-very-secret";
    const texts = [
      { agents: { a: { ...gateway, token: secret } } },
      { agents: { a: { ...gateway, token: [secret] } } },
      { agents: { a: { url: `http://me:${secret}@127.0.0.1` } } },
      { agents: { a: { command: ["x"], env: { A: [secret] } } } },
      `{"agents": {"a": {"token": "${secret}" "port": 1}}}`,
      `{"agents": {"a": {"token": ${secret}}}}`,
    ];
    for (const text of texts) {
      expect(JSON.stringify(load(tempFolder(), text))).not.toContain(secret);
    }
  });

  test("not JSON: line, column, reason and the line itself, in one line", () => {
    const folder = tempFolder();
    expect(load(folder, '{\n  // agents\n  "agents": {}\n}')).toEqual({
      ok: false,
      failure: {
        code: "config_invalid",
        message: `the config ${folder}/delegate.config.json is not JSON at line 2, column 3 (a comment, and JSON has none): // agents`,
        hint: "correct it there",
      },
    });
    expect(load(folder, "")).toMatchObject({
      failure: { message: expect.stringMatching(/line 1, column 1 \(the file ends too early\)$/) },
    });
  });
});

test.runIf(process.getuid?.() === 0)("a config that belongs to somebody else is refused", () => {
  const path = putFile(tempFolder(), "delegate.config.json", {});
  chownSync(path, 12_345, 12_345);
  expect(loadConfig({ explicitPath: path, env: {}, cwd: "/" })).toMatchObject({
    failure: {
      message: expect.stringContaining("belongs to another user"),
      hint: `chown 0 ${path}`,
    },
  });
});

describe("a config file that can't be trusted or read is refused", () => {
  test.each(["620", "602", "666", "777"])("mode %s: others can change it", (mode) => {
    const path = putFile(tempFolder(), "delegate.config.json", {});
    chmodSync(path, Number.parseInt(mode, 8));
    expect(loadPath(path)).toMatchObject({
      ok: false,
      failure: {
        message: `the config ${path} can be changed by other users`,
        hint: `chmod go-w ${path}`,
      },
    });
  });

  test.each(["600", "644", "444"])("mode %s is fine", (mode) => {
    const path = putFile(tempFolder(), "delegate.config.json", {});
    chmodSync(path, Number.parseInt(mode, 8));
    expect(loadPath(path).ok).toBe(true);
  });

  test("one that is not there", () => {
    const path = join(tempFolder(), "gone.json");
    expect(loadPath(path)).toMatchObject({
      failure: { message: `the config ${path} does not exist` },
    });
  });

  test("a folder, a FIFO, a symlink to a folder", () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "dir"));
    symlinkSync(join(folder, "dir"), join(folder, "link"));
    execFileSync("mkfifo", [join(folder, "fifo")]);
    for (const [name, what] of [
      ["dir", "a folder"],
      ["link", "a folder"],
      ["fifo", "a device or a pipe"],
    ]) {
      expect(loadPath(join(folder, name ?? ""))).toMatchObject({
        failure: { message: expect.stringContaining(`is ${what}, not a file`) },
      });
    }
  });

  test("a symlink to a good file is followed", () => {
    const folder = tempFolder();
    symlinkSync(putFile(folder, "real.json", {}), join(folder, "link.json"));
    expect(loadPath(join(folder, "link.json")).ok).toBe(true);
  });

  test("a symlink to nowhere, which is not passed over for a config further up", () => {
    const folder = tempFolder();
    putFile(folder, "delegate.config.json", {});
    const inner = join(folder, "inner");
    mkdirSync(inner);
    const path = join(inner, "delegate.config.json");
    symlinkSync("gone.json", path);
    expect(loadConfig({ explicitPath: null, env: {}, cwd: inner })).toMatchObject({
      failure: {
        code: "config_invalid",
        message: `the config ${path} is a link that leads to no file`,
        hint: "correct the link, or remove it",
      },
    });
  });

  test("one that loops, is huge, or is not UTF-8", () => {
    const folder = tempFolder();
    symlinkSync(join(folder, "loop"), join(folder, "loop"));
    const huge = putFile(folder, "huge", " ".repeat(1024 * 1024 + 1));
    const utf16 = join(folder, "utf16");
    writeFileSync(utf16, Buffer.from("\uFEFF{}", "utf16le"), { mode: 0o600 });
    expect(loadPath(join(folder, "loop"))).toMatchObject({
      failure: { message: expect.stringContaining("is a link that leads to no file") },
    });
    expect(loadPath(join(folder, "loop", "below.json"))).toMatchObject({
      failure: { message: expect.stringContaining("is below a link that leads to itself") },
    });
    expect(loadPath(huge)).toMatchObject({
      failure: { message: expect.stringContaining("is larger than") },
    });
    expect(loadPath(utf16)).toMatchObject({
      failure: { message: expect.stringContaining("is not UTF-8 text") },
    });
  });
});

describe("a registry", () => {
  test("brings agents, and what the config says wins key by key", () => {
    const folder = tempFolder();
    putFile(folder, "r.json", {
      version: 7,
      agents: {
        "tech-lead": { port: 18804, hookPath: "/hooks/lead", role: "leads", timeoutSeconds: 9 },
        webster: { port: 18805, sessionKey: "s" },
        coder: { port: 18806, hookPath: "/x" },
        writer: { port: 18807 },
      },
    });
    const agents = {
      "tech-lead": { hookPath: "/hooks/mine" },
      webster: { url: "http://127.0.0.1:1" },
      coder: { command: ["x"] },
    };
    const acl = { "tech-lead": ["webster", "writer"] };
    expect(load(folder, { registry: "r.json", agents, acl })).toMatchObject({
      ok: true,
      value: {
        agents: {
          "tech-lead": {
            origin: "http://127.0.0.1:18804",
            hookPath: "/hooks/mine",
            timeoutSeconds: 9,
          },
          webster: { origin: "http://127.0.0.1:1", sessionKey: "s" },
          coder: { kind: "command", command: ["x"] },
          writer: { kind: "gateway", agentId: "writer" },
        },
      },
    });
  });

  test("its problems name its file, its keys of other tools are left alone", () => {
    const folder = tempFolder();
    putFile(folder, "r.json", {
      agents: {
        a: { port: "1", role: 1 },
        b: { url: "http://10.0.0.1" },
        c: { url: "http://127.0.0.1", token: { file: "gone" } },
        d: {},
      },
    });
    const problems = problemsOf(
      { registry: "r.json", agents: { b: { hookPath: "x" } }, acl: { a: ["b"] } },
      folder,
    );
    expect(problems.map(({ at }) => at).toSorted()).toEqual([
      "/agents/b/hookPath",
      "r.json#/agents/a/port",
      "r.json#/agents/b/url",
      "r.json#/agents/c/token/file",
      "r.json#/agents/d",
    ]);
  });

  test.each([
    ["not JSON", "{", "/registry", "is not JSON at line 1, column 2"],
    ["without agents", "{}", "r.json#", 'needs the key "agents"'],
    ["an array", "[]", "r.json#", "must be an object, not an array"],
  ])("%s", (_title, text, at, message) => {
    const folder = tempFolder();
    putFile(folder, "r.json", text);
    const problems = problemsOf({ registry: "r.json", acl: { a: ["b"] } }, folder);
    expect(problems).toContainEqual({ at, message: expect.stringContaining(message) });
    expect(problems.filter(({ at: place }) => place.startsWith("/acl"))).toEqual([]);
  });

  test("that others can change is refused", () => {
    const folder = tempFolder();
    chmodSync(putFile(folder, "r.json", { agents: {} }), 0o666);
    expect(problemsOf({ registry: "r.json" }, folder)).toEqual([
      { at: "/registry", message: expect.stringContaining(`chmod go-w ${folder}/r.json`) },
    ]);
  });
});
