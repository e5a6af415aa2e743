import { describe, expect, test } from "vitest";
import type { Command } from "../../src/cli/command.ts";
import { parseCommand } from "../../src/cli/command-line/parse.ts";

const defaults = { caller: "eva", parentRunId: null };

async function parsed(...words: readonly string[]): Promise<Command> {
  const result = await parseCommand(words, defaults);
  if (result.ok) return result.value.command;
  const { message, hint } = result.failure.failure;
  throw new Error(`${message}; ${hint}`);
}

async function refusal(...words: readonly string[]): Promise<string> {
  const result = await parseCommand(words, defaults);
  if (result.ok) throw new Error(`understood: ${JSON.stringify(result.value.command)}`);
  const { message, hint } = result.failure.failure;
  return `${message} | ${hint}`;
}

const common = { name: "flow", config: null, isQuiet: false, isVerbose: false };

describe("delegate flow", () => {
  test("run takes inputs, agents and how it goes", async () => {
    expect(await parsed("flow", "run", "build")).toEqual({
      ...common,
      action: "run",
      flow: "build",
      inputs: [],
      agents: {},
      flowRunId: null,
      caller: "eva",
      parentRunId: null,
      doesDetach: false,
      isDryRun: false,
      stubsFile: null,
      isFull: false,
      notify: [],
      format: "json",
    });
    const words = [
      "-i",
      "a=1",
      "--input",
      "b=@x",
      "--agent",
      "coder=codex=2",
      "-d",
      "--caller",
      "x",
      "--parent",
      "p",
    ];
    expect(await parsed("flow", "run", "./build.yaml", ...words)).toMatchObject({
      flow: "./build.yaml",
      inputs: ["a=1", "b=@x"],
      agents: { coder: "codex=2" },
      doesDetach: true,
      caller: "x",
      parentRunId: "p",
    });
    expect(await parsed("flow", "run", "x", "-n", "--stubs", "s.yaml")).toMatchObject({
      isDryRun: true,
      stubsFile: "s.yaml",
    });
  });

  test("may have options before its command", async () => {
    expect(await parsed("--config", "c.json", "flow", "-q", "run", "x")).toMatchObject({
      action: "run",
      config: "c.json",
      isQuiet: true,
    });
  });

  test.each<readonly [readonly string[], object]>([
    [["wait", "f", "--timeout", "2"], { action: "wait", flowRunId: "f", timeoutMs: 2_000 }],
    [["list", "--status", "waiting", "--name", "x"], { status: "waiting", flow: "x", limit: 20 }],
    [["files", "--json"], { action: "files", isJson: true }],
    [["show", "f"], { action: "show", flowRunId: "f", isJson: false }],
    [["logs", "f", "-f", "--after-seq", "3"], { isFollowing: true, afterSeq: 3 }],
    [["watch"], { action: "watch", flowRunIds: [], isPlain: false }],
    [["watch", "a", "b", "a", "--no-color"], { flowRunIds: ["a", "b"], isPlain: true }],
    [["graph", "build"], { action: "graph", subject: "build", format: "ascii" }],
    [["graph", "build", "--format", "dot"], { format: "dot" }],
    [["validate", "a", "b"], { action: "validate", files: ["a", "b"] }],
    [["approve", "f", "s"], { action: "approve", step: "s", note: null, digest: null, by: "eva" }],
    [["reject", "f", "s", "--note", "no"], { action: "reject", note: "no" }],
    [["approve", "f", "s", "--digest", "0123ab"], { digest: "0123ab" }],
    [
      ["answer", "f", "s", "yes"],
      { reply: { kind: "text", source: { kind: "text", text: "yes" } } },
    ],
    [["answer", "f", "s", "-"], { reply: { kind: "text", source: { kind: "stdin" } } }],
    [["answer", "f", "s", "--option", "2"], { reply: { kind: "option", number: 2 } }],
    [["cancel", "f", "--reason", "late", "--by", "x"], { reason: "late", by: "x" }],
    [
      ["resume", "f", "--decide", "a.1.b=skip", "--decide", "c=rerun"],
      {
        choices: [
          { step: "a.1.b", choice: "skip" },
          { step: "c", choice: "rerun" },
        ],
      },
    ],
    [["retry", "f", "--from", "s", "-d"], { action: "retry", step: "s", doesDetach: true }],
    [["export", "f"], { format: "markdown", output: null }],
    [["export", "f", "--format", "json", "-o", "x"], { format: "json", output: "x" }],
    [["prune", "--older-than", "2w", "-n"], { isDryRun: true, olderThan: { kind: "ago" } }],
  ])("understands %j", async (words, expected) => {
    expect(await parsed("flow", ...words)).toMatchObject({ name: "flow", ...expected });
  });

  test.each<readonly [readonly string[], string]>([
    [[], "what to do with flows is missing | delegate flow --help tells what it takes"],
    [["rnu"], '"rnu" is not known here; did you mean "run"? | delegate flow --help'],
    [["run"], "the name or file of a flow is missing | delegate flow run --help"],
    [["run", "x", "--stubs", "s"], "--stubs needs --dry-run"],
    [["run", "x", "--full"], "--full needs --dry-run"],
    [
      ["run", "x", "--agent", "coder"],
      '--agent "coder" says no role | write --agent <role>=<agent>',
    ],
    [["run", "x", "--agent", "a=b", "--agent", "a=c"], "--agent gives the role a twice"],
    [["run", "x", "--follow"], "unknown option --follow"],
    [["approve", "f"], "a step is missing | delegate flow approve --help"],
    [["approve", "f", "s", "x"], '"x" is one word too many'],
    [["approve", "f", "s", "--digest", "xyz"], '--digest "xyz" is no digest'],
    [["answer", "f", "s"], "an answer is missing"],
    [["answer", "f", "s", "yes", "--option", "1"], '"yes" is one word too many'],
    [["resume", "f", "--decide", "a"], '--decide "a" decides nothing'],
    [["retry", "f"], "--from is missing"],
    [["validate"], "the name or file of a flow is missing"],
    [["list", "x"], '"x" is one word too many'],
    [["list", "--status", "waitng"], '--status can\'t be "waitng" | did you mean waiting?'],
  ])("refuses %j", async (words, message) => {
    expect(await refusal("flow", ...words)).toContain(message);
  });

  test("has help of its own for each of its commands", async () => {
    expect(await parsed("flow", "--help")).toEqual({ name: "help", topic: "flow" });
    expect(await parsed("flow", "run", "-h")).toEqual({ name: "help", topic: "flow run" });
    expect(await parsed("help", "flow", "run")).toEqual({ name: "help", topic: "flow run" });
    expect(await parsed("help", "wait", "x")).toEqual({ name: "help", topic: "wait" });
    expect(await refusal("help", "flow", "rum")).toBe(
      'there is no command "flow rum" | did you mean flow run?',
    );
  });
});

describe("delegate worker", () => {
  test("is a command when it stands alone, and may be an agent's name", async () => {
    expect(await parsed("worker", "--idle-timeout", "1.5", "--limit", "3")).toEqual({
      ...common,
      name: "worker",
      idleMs: 1_500,
      limit: 3,
    });
    expect(await parsed("worker")).toMatchObject({ name: "worker", idleMs: null, limit: null });
    expect(await parsed("worker", "do it")).toMatchObject({ name: "delegate", agent: "worker" });
    expect(await parsed("-q", "worker", "do it")).toMatchObject({ agent: "worker" });
    expect(await parsed("worker", "--task-file", "x")).toMatchObject({ agent: "worker" });
    expect(await parsed("worker", "--help")).toEqual({ name: "help", topic: "worker" });
  });
});
