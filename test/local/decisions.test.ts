import { array, assert, integer, nat, property, string, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandAgent } from "../../src/config/config.ts";
import {
  admittedAnswer,
  completedAnswer,
  drainingAnswer,
  lateAnswer,
} from "../../src/local/answer.ts";
import { keepBeginning, keepEnd } from "../../src/local/bounded-output.ts";
import type { CommandEnd } from "../../src/local/command-end.ts";
import { concludeRun } from "../../src/local/conclude-run.ts";
import type { Conclusion, EndFacts } from "../../src/local/conclude-run.ts";
import { decideCall } from "../../src/local/decide-call.ts";
import { decideHead, presentedToken, tooLarge } from "../../src/local/decide-request.ts";
import { gatewayPaths } from "../../src/local/gateway-paths.ts";
import { firstLine, lastPart, withoutControlCharacters } from "../../src/local/plain-text.ts";
import { prepareCommand } from "../../src/local/prepare-command.ts";
import type { CommandFacts, PreparationProblem } from "../../src/local/prepare-command.ts";
import { commandHint } from "../../src/run/failures/command-hints.ts";
import { GATEWAY_SCHEMA, parsePublishedGateway } from "../../src/local/published-gateway.ts";
import { summarizeLog } from "../../src/local/summarize-log.ts";
import { wrapStdout } from "../../src/local/wrap-stdout.ts";

const origin = { runId: "r1", agent: "coder", timestamp: "2026-11-21T08:00:00.000Z" };

const coder: CommandAgent = {
  kind: "command",
  name: "coder",
  command: ["claude", "-p"],
  handoff: "file",
  prompt: "stdin",
  cwd: "/work",
  env: {},
  preset: null,
  mode: "write",
  planCall: null,
  maxOutputBytes: 1000,
  timeoutSeconds: null,
};

function resultOf(conclusion: Conclusion): unknown {
  return "handoff" in conclusion ? conclusion.handoff["result"] : conclusion.kind;
}

function notesOf(change: Partial<EndFacts>): unknown {
  const conclusion = concludeRun({ ...facts, ...change });
  return "handoff" in conclusion ? conclusion.handoff["notes"] : null;
}

function whole(list: readonly Uint8Array[]): string {
  return Buffer.concat(list).toString();
}

const facts: EndFacts = {
  origin,
  handsOverBy: "file",
  program: "claude",
  cwd: "/work",
  end: { kind: "exited", code: 0 },
  stdout: "",
  stderr: "",
  found: "nothing",
};

describe("what is handed over when a command has ended", () => {
  it.each<[CommandEnd, string]>([
    [{ kind: "exited", code: 7 }, "the command exited with code 7 without a handoff"],
    [{ kind: "signaled", signal: "SIGSEGV" }, "the command was killed by SIGSEGV"],
    [{ kind: "not_started", code: "ENOENT", reason: "" }, "command not found: claude"],
    [
      { kind: "not_started", code: "EACCES", reason: "" },
      "the command may not be executed: claude",
    ],
    [
      { kind: "not_started", code: "NO_CWD", reason: "" },
      "the command's working directory is no folder: /work",
    ],
    [
      { kind: "not_started", code: "EAGAIN", reason: "spawn EAGAIN" },
      "the command could not be started: spawn EAGAIN",
    ],
    [{ kind: "flooded", maxBytes: 9 }, "the command printed more than 9 bytes and was ended"],
    [{ kind: "stopped" }, "the local gateway was stopped, and the command with it"],
    [{ kind: "timed_out", seconds: 3 }, "none"],
  ])("%o: %s", (end, result) => {
    expect(resultOf(concludeRun({ ...facts, end }))).toBe(result);
  });

  it("an agent's own handoff stays, however the command ended", () => {
    const own = { ...facts, found: "handoff" } as const;
    expect(concludeRun(own)).toEqual({ kind: "own" });
    expect(concludeRun({ ...own, end: { kind: "timed_out", seconds: 3 } })).toEqual({
      kind: "own",
    });
  });

  it("a sign of life is none", () => {
    expect(resultOf(concludeRun({ ...facts, found: "working" }))).toBe(
      "the command exited with code 0 without a handoff, only with a sign of life",
    );
  });

  it("the end of what it printed is in the notes, and how to set it right", () => {
    const crash = { kind: "exited", code: 1 } as const;
    expect(notesOf({ end: crash, stdout: "out", stderr: "err" })).toBe("err");
    expect(notesOf({ end: crash, stdout: "out" })).toBe("out");
    expect(notesOf({ end: crash, stdout: "out", stderr: "err", handsOverBy: "stdout" })).toBe(
      "err\n\nout",
    );
    expect(notesOf({ end: crash, stderr: "e".repeat(3000) })).toBe(`…${"e".repeat(2000)}`);
    expect(notesOf({ end: { kind: "flooded", maxBytes: 9 } })).toContain(
      "agents.coder.maxOutputBytes",
    );
    for (const code of ["ENOENT", "EACCES", "NO_CWD"]) {
      expect(notesOf({ end: { kind: "not_started", code, reason: "" } })).toMatch(
        /agents\.coder\.c|folder|executable/,
      );
    }
    expect(notesOf({ end: { kind: "not_started", code: "EAGAIN", reason: "" } })).toBe("");
  });

  it("what is wrong with the command itself is named, for whoever called", () => {
    const missing = { kind: "not_started", code: "ENOENT", reason: "" } as const;
    expect(concludeRun({ ...facts, end: missing })).toMatchObject({
      handoff: { status: "failed", commandProblem: "not_found" },
    });
    const crash = concludeRun({ ...facts, end: { kind: "exited", code: 1 } });
    expect(crash).not.toHaveProperty("handoff.commandProblem");
  });

  it("the reason that it gave is told in one line: from stderr, else from stdout", () => {
    const end = { kind: "exited", code: 2 } as const;
    expect(resultOf(concludeRun({ ...facts, end, stderr: "no key\n  set API_KEY\n" }))).toBe(
      "the command exited with code 2 without a handoff: no key set API_KEY",
    );
    expect(resultOf(concludeRun({ ...facts, end, stdout: "2 problems" }))).toBe(
      "the command exited with code 2 without a handoff: 2 problems",
    );
    expect(resultOf(concludeRun({ ...facts, end, stderr: "e".repeat(300) }))).toBe(
      `the command exited with code 2 without a handoff: …${"e".repeat(200)}`,
    );
  });

  it("code 1 with printed work is a failure too", () => {
    const end: CommandEnd = { kind: "exited", code: 1 };
    expect(resultOf(concludeRun({ ...facts, end, handsOverBy: "stdout", stdout: "work" }))).toBe(
      "the command exited with code 1: work",
    );
  });

  it("blank output is none either", () => {
    expect(resultOf(concludeRun({ ...facts, handsOverBy: "stdout", stdout: " \n" }))).toBe(
      "the command printed nothing",
    );
  });
});

describe("what is printed", () => {
  it("is wrapped with its first line as title", () => {
    expect(wrapStdout("\n  A title\n\nand more\n", origin)).toEqual({
      schemaVersion: "1.1",
      ...origin,
      status: "complete",
      result: "A title\n\nand more",
      deliverable: { type: "document", title: "A title", path: null, summary: "A title" },
      artifacts: [],
      confidence: "medium",
      notes: "",
    });
  });

  it.each([
    ["JSON without a status", '{"result":"x"}'],
    ["a sign of life", '{"status":"working"}'],
    ["a list", '[{"status":"complete"}]'],
    ["two fenced handoffs", '```json\n{"status":"failed"}\n```\n```json\n{"status":"failed"}\n```'],
    ["a fenced something", '```json\n{"a":1}\n```'],
    ["null", "null"],
  ])("is text when it is %s", (_, text) => {
    expect(wrapStdout(text, origin)).toMatchObject({ status: "complete", result: text });
  });

  it("is taken as it is when it is a handoff, with what it lacks", () => {
    const printed = { status: "failed", result: "no", runId: "other", more: [1] };
    expect(wrapStdout(JSON.stringify(printed), origin)).toEqual({
      schemaVersion: "1.1",
      ...origin,
      ...printed,
    });
  });
});

describe("texts", () => {
  it("lose what would move a cursor", () => {
    expect(withoutControlCharacters("a\r\nb\u001B[1m\tc\u0007\u009B")).toBe("a\nb[1m\tc");
  });

  it("are cut without halving a character", () => {
    expect(firstLine(`\n ab😀cd`, 4)).toBe("ab…");
    expect(firstLine("ab", 4)).toBe("ab");
    expect(firstLine(" ", 4)).toBe("");
    expect(lastPart("ab😀cd", 3)).toBe("…cd");
    expect(lastPart("abc", 3)).toBe("abc");
  });

  it("of a log become one line", () => {
    expect(summarizeLog("")).toBe("");
    expect(summarizeLog('{"type":"x"}\n{"message":"why\\nso"}\n')).toBe("why so");
    expect(summarizeLog("Error: x\n    at y\n")).toBe("Error: x at y");
    expect(summarizeLog('{"type":"x"}\n')).toBe('{"type":"x"}');
  });
});

describe("output", () => {
  const pieces = array(uint8Array({ min: 97, max: 122, maxLength: 50 }));

  it("is kept from its beginning up to the limit, and tells when it is passed", () => {
    assert(
      property(pieces, nat(300), (list, limit) => {
        const output = keepBeginning(limit);
        const fits = list.map((piece) => output.push(piece)).every(Boolean);
        expect(output.text()).toBe(whole(list).slice(0, limit));
        expect(fits).toBe(whole(list).length <= limit);
      }),
    );
  });

  it("grows with what comes", () => {
    const output = keepBeginning(100_000);
    for (let count = 0; count < 60; count += 1) output.push(new Uint8Array(1000).fill(97));
    expect(output.text()).toBe("a".repeat(60_000));
  });

  it("is kept to its end", () => {
    assert(
      property(pieces, integer({ min: 1, max: 300 }), (list, limit) => {
        const output = keepEnd(limit);
        for (const piece of list) output.push(piece);
        expect(output.text()).toBe(whole(list).slice(-limit));
      }),
    );
  });
});

function problemOf(parts: CommandFacts): PreparationProblem {
  const prepared = prepareCommand(parts);
  if ("problem" in prepared) return prepared;
  throw new Error("it can be made");
}

describe("a command", () => {
  const parts = {
    agent: coder,
    message: "hi",
    header: null,
    gatewayRunId: "g1",
    gatewayPid: 42,
    gatewayStart: "4711",
    configPath: "/c.json",
    programsFolder: "/bin-of-gateway",
    env: { PATH: "/usr/bin", HOME: "/home/me", KEY: "secret", DELEGATE_RUN_ID: "theirs" },
    pathDelimiter: ":",
  };

  it("inherits the environment, except what belongs to another run", () => {
    expect(prepareCommand(parts)).toEqual({
      program: "claude",
      args: ["-p"],
      stdin: "hi",
      marker: "DELEGATE_GATEWAY_RUN=g1",
      env: {
        PATH: "/bin-of-gateway:/usr/bin",
        HOME: "/home/me",
        KEY: "secret",
        DELEGATE_AGENT: "coder",
        DELEGATE_CALLER: "coder",
        DELEGATE_CONFIG: "/c.json",
        DELEGATE_GATEWAY_PID: "42",
        DELEGATE_GATEWAY_START: "4711",
        DELEGATE_GATEWAY_RUN: "g1",
      },
    });
  });

  it("has only our programs in its PATH when there is none", () => {
    expect(prepareCommand({ ...parts, env: { GONE: undefined } })).toMatchObject({
      env: { PATH: "/bin-of-gateway" },
    });
  });

  it("gets the message as its last argument when it wants that", () => {
    const agent = { ...coder, prompt: "argument" as const };
    expect(prepareCommand({ ...parts, agent })).toMatchObject({ args: ["-p", "hi"], stdin: null });
  });

  it("gets its own variables, as text or from ours", () => {
    const agent = { ...coder, env: { A: "text", B: { env: "KEY" }, PATH: "" } };
    expect(prepareCommand({ ...parts, agent })).toMatchObject({
      env: { A: "text", B: "secret", PATH: "/bin-of-gateway" },
    });
  });

  it.each([
    ["is empty", { agent: { ...coder, command: [] } }, "the agent's command is empty"],
    [
      "would need a zero byte in an argument",
      { agent: { ...coder, prompt: "argument" as const }, message: "a\0b" },
      "the message contains a zero byte, which no argument may have",
    ],
    [
      "would need too long an argument",
      { agent: { ...coder, prompt: "argument" as const }, message: "é".repeat(65_536) },
      "the message is 131072 bytes long, and an argument may have 131071",
    ],
    [
      "wants a variable that we don't have",
      { agent: { ...coder, env: { A: { env: "B" } } } },
      "the variable B is not set in the environment of the local gateway",
    ],
  ])("can't be made when it %s", (_, change, problem) => {
    const { kind, ...rest } = problemOf({ ...parts, ...change });
    expect(rest).toEqual({ problem });
    expect(commandHint(kind, "coder")).toMatch(/^set /);
  });
});

describe("a call", () => {
  const agents = { coder };
  const decide = (fields: object, key: string | null = null) =>
    decideCall(JSON.stringify({ message: " hi ", ...fields }), key, "write", agents);
  const keyOf = (fields: object, key: string | null = null): string | null => {
    const decision = decide(fields, key);
    return decision.kind === "run" ? decision.call.fingerprint : "refused";
  };

  it("needs no agent when there is one, and trims the message", () => {
    expect(decide({})).toEqual({
      kind: "run",
      call: {
        agent: coder,
        message: "hi",
        timeoutSeconds: null,
        waitForCompletion: false,
        fingerprint: null,
      },
    });
  });

  it("finds an agent whatever the case, unless two differ only in that", () => {
    expect(decide({ agentId: " CODER " })).toMatchObject({ kind: "run" });
    const two = { Coder: { ...coder, name: "Coder" }, coder };
    expect(decideCall('{"message":"m","agentId":"coder"}', null, "write", two)).toMatchObject({
      call: { agent: { name: "coder" } },
    });
    expect(decideCall('{"message":"m","agentId":"CODER"}', null, "write", two).kind).toBe("refuse");
  });

  it.each([
    [1.9, 1],
    [0.5, 1],
    [0, null],
    [-1, null],
    ["5", null],
  ])("with timeoutSeconds %o has %o seconds", (timeoutSeconds, seconds) => {
    expect(decide({ timeoutSeconds })).toMatchObject({ call: { timeoutSeconds: seconds } });
  });

  it.each([
    [{ message: " " }, "message required"],
    [{ message: 1 }, "message required"],
    [{ agentId: "" }, "agentId must be a non-empty string"],
    [{ agentId: 1 }, "agentId must be a non-empty string"],
    [{ agentId: "x" }, 'unknown agentId "x"'],
    [{ waitForCompletion: 1 }, "waitForCompletion must be boolean"],
    [{ sessionMode: "x" }, "sessionMode must be isolated or persistent"],
    [{ sessionMode: "persistent" }, "sessionKey is required when sessionMode is persistent"],
    [{ model: " " }, "model required"],
    [{ model: 1 }, "model required"],
    [{ channel: "last" }, "the local gateway has no channels to deliver to"],
  ])("%o is refused: %s", (fields, error) => {
    expect(decide(fields)).toMatchObject({
      answer: { status: 400, body: JSON.stringify({ ok: false, error }) },
    });
  });

  it.each([
    { sessionMode: "isolated", model: "any", name: "x", thinking: 1 },
    { deliver: false, channel: "discord", to: "x" },
    { waitForCompletion: true },
  ])("%o is fine", (fields) => {
    expect(decide(fields).kind).toBe("run");
  });

  it("needs its agent when there are several, or none", () => {
    const error = "agentId is required when multiple agents are configured";
    for (const some of [{}, { coder, other: { ...coder, name: "other" } }]) {
      expect(decideCall('{"message":"m"}', null, "write", some)).toMatchObject({
        answer: { body: JSON.stringify({ ok: false, error }) },
      });
    }
  });

  it.each(["{", "[]", "null", '"x"'])("is refused when its body is %s", (body) => {
    expect(decideCall(body, null, "write", agents)).toMatchObject({ answer: { status: 400 } });
  });

  describe("for an agent that may only read", () => {
    const planCall = { ...coder, command: ["claude", "--read"], handoff: "stdout" as const };
    const both = { coder: { ...coder, planCall } };
    const inPlan = (fields: object) =>
      decideCall(JSON.stringify({ message: "m", ...fields }), "k", "plan", both);

    it("runs its read-only call, whatever the body says", () => {
      const agent = { mode: "plan", command: ["claude", "--read"], handoff: "stdout" };
      for (const fields of [{}, { mode: "write" }, { isReadOnly: false, command: ["rm"] }])
        expect(inPlan(fields)).toMatchObject({ kind: "run", call: { agent } });
    });

    it("is refused when the agent can't be held to that", () => {
      const error = "coder has no read-only mode";
      expect(decideCall('{"message":"m"}', null, "plan", agents)).toMatchObject({
        answer: { status: 400, body: JSON.stringify({ ok: false, error }) },
      });
    });

    it("is no other run's repetition, even with its key", () => {
      const writing = decideCall('{"message":"m"}', "k", "write", both);
      const [first, second] = [writing, inPlan({})].map((decision) =>
        decision.kind === "run" ? decision.call.fingerprint : "refused",
      );
      expect(first).not.toBe(second);
    });
  });

  it("with a session key is refused", () => {
    expect(decide({ sessionKey: "k" }).kind).toBe("refuse");
  });

  it("is told apart by its key and its fields, not by whether it waits", () => {
    const first = keyOf({ idempotencyKey: "k" });
    expect(keyOf({ idempotencyKey: " k ", waitForCompletion: true, unknown: 1 })).toBe(first);
    expect(keyOf({}, "k")).toBe(first);
    expect(keyOf({ idempotencyKey: "k" }, "h")).not.toBe(first);
    expect(keyOf({ idempotencyKey: "k", name: "x" })).not.toBe(first);
    expect(keyOf({ idempotencyKey: " " })).toBeNull();
    expect(keyOf({ idempotencyKey: "k".repeat(257) })).toBeNull();
  });
});

describe("a request", () => {
  const head = { method: "GET", target: "/readyz", host: null, origin: null, contentLength: null };
  const state = {
    isTokenRight: true,
    isDraining: true,
    uptimeMs: 5,
    identity: { pid: 7, version: "1" },
  };

  it.each([
    [{ method: "HEAD" }, 503],
    [{ target: "/ready" }, 503],
    [{ target: "/health" }, 200],
    [{ target: "/healthz?x=1", host: "[::1]:80" }, 200],
    [{ method: "POST", target: "/healthz" }, 404],
    [{ target: "/healthz", host: "example.org" }, 403],
    [{ target: "/healthz", origin: "null" }, 403],
    [{ target: "/hooks/agent" }, 405],
    [{ method: "POST", target: "/hooks/agent?token=1" }, 400],
    [{ method: "POST", target: "/hooks/agent", contentLength: 262_145 }, 413],
  ])("%o is answered with %i", (change, status) => {
    expect(decideHead({ ...head, ...change }, state)).toMatchObject({ answer: { status } });
  });

  it("without the token is refused, with it its body is read", () => {
    const post = { ...head, method: "POST", target: "/hooks/agent", contentLength: 262_144 };
    expect(decideHead(post, { ...state, isTokenRight: false })).toMatchObject({
      answer: { status: 401 },
    });
    expect(decideHead(post, state)).toEqual({ kind: "read_body", route: "hook" });
    const plan = { ...post, target: "/plan/hooks/agent" };
    expect(decideHead(plan, state)).toEqual({ kind: "read_body", route: "plan" });
  });

  it("hears who answers only with the token", () => {
    const ready = { ...state, isDraining: false };
    const asked = { ...head, target: "/healthz" };
    expect(decideHead(asked, ready)).toMatchObject({
      answer: { body: '{"ok":true,"status":"live","pid":7,"version":"1"}' },
    });
    expect(decideHead(asked, { ...ready, isTokenRight: false })).toMatchObject({
      answer: { body: '{"ok":true,"status":"live"}' },
    });
    expect(decideHead(head, ready)).toMatchObject({ answer: { status: 200 } });
  });

  it.each([
    [admittedAnswer("g"), 200, '{"ok":true,"runId":"g"}'],
    [
      completedAnswer("g", { completion: "ok" }),
      200,
      '"completion":{"status":"ok","replyDisposition":"visible"}',
    ],
    [completedAnswer("g", { completion: "error" }), 200, '"completion":{"status":"error"'],
    [
      completedAnswer("g", { completion: "error", handoffError: "no space left on the disk" }),
      200,
      '"replyDisposition":"empty","handoffError":"no space left on the disk"}',
    ],
    [lateAnswer("g"), 503, "admission timeout"],
    [drainingAnswer(), 503, '"code":"gateway_unavailable"'],
    [tooLarge(), 413, '{"ok":false,"error":"payload too large"}'],
  ])("is told %o", (answer, status, part) => {
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(part);
  });

  it("hears that the gateway is not ready when it leaves", () => {
    expect(decideHead(head, state)).toMatchObject({
      answer: { status: 503, body: '{"ready":false,"failing":["gateway-draining"],"uptimeMs":5}' },
    });
  });

  it.each([
    ["Bearer abc", null, "abc"],
    ["bearer  abc ", "x", "abc"],
    [null, "x", "x"],
    ["Bearer", null, null],
  ])("with %o and %o presents %o", (authorization, other, token) => {
    expect(presentedToken(authorization, other)).toBe(token);
  });
});

describe("a published gateway", () => {
  const published = {
    schema: GATEWAY_SCHEMA,
    url: "http://127.0.0.1:8080",
    token: "t",
    pid: 42,
    processStart: null,
    startedAt: "2026-11-21T08:00:00.000Z",
    version: "1.0.0",
  };

  it("is read back", () => {
    expect(parsePublishedGateway(JSON.stringify(published))).toEqual(published);
    expect(
      parsePublishedGateway(
        JSON.stringify({ ...published, processStart: "1", startedAt: 1, version: 1 }),
      ),
    ).toEqual({ ...published, processStart: "1", startedAt: "", version: "" });
  });

  it.each([
    ["not JSON", "{"],
    ["no object", "1"],
    ["another schema", JSON.stringify({ ...published, schema: "x" })],
    ["off this machine", JSON.stringify({ ...published, url: "http://10.0.0.1:1" })],
    ["without a token", JSON.stringify({ ...published, token: "" })],
    ["no process", JSON.stringify({ ...published, pid: 1 })],
  ])("is not believed when it is %s", (_, text) => {
    expect(parsePublishedGateway(text)).toBeNull();
  });
});

it("two configs have two gateways, one config has one", () => {
  assert(
    property(string(), string(), (a, b) => {
      const [first, second] = [a, b].map((path) => gatewayPaths({ path, handoffDir: "/h" }).folder);
      expect(first).toMatch(/^\/h\/\.gateway\/[0-9a-f]{14}$/);
      expect(first === second).toBe(a === b);
    }),
  );
});
