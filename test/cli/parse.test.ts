import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DelegateCommand } from "../../src/cli/command.ts";
import { delegateGrammar } from "../../src/cli/grammar/delegate.ts";
import type { CommandDefaults } from "../../src/cli/grammar/grammar.ts";
import { commandGrammars } from "../../src/cli/grammar/table.ts";
import type { Misuse, Parsed } from "../../src/cli/command-line/parse.ts";
import { parseCommand } from "../../src/cli/command-line/parse.ts";

const nobody: CommandDefaults = { caller: null, parentRunId: null };

async function parsed(words: readonly string[], defaults = nobody): Promise<Parsed> {
  const result = await parseCommand(words, defaults);
  if (result.ok) return result.value;
  const { message, hint } = result.failure.failure;
  throw new Error(`${message}; ${hint}`);
}

async function misuse(...words: readonly string[]): Promise<Misuse> {
  const result = await parseCommand(words, nobody);
  if (result.ok) throw new Error(`understood: ${JSON.stringify(result.value.command)}`);
  return result.failure;
}

async function refusal(...words: readonly string[]): Promise<string> {
  const { failure } = await misuse(...words);
  expect(failure.code).toBe("usage");
  return `${failure.message} | ${failure.hint}`;
}

async function delegation(...words: readonly string[]): Promise<DelegateCommand> {
  const { command } = await parsed(words);
  if (command.name !== "delegate") throw new Error(command.name);
  return command;
}

describe("delegate <agent> <task>", () => {
  test("alone leaves everything else to the config", async () => {
    expect(await delegation("lead", "do it")).toEqual({
      name: "delegate",
      config: null,
      isQuiet: false,
      isVerbose: false,
      agent: "lead",
      task: { kind: "text", text: "do it" },
      context: [],
      channel: null,
      schemaFile: null,
      waits: true,
      timeoutMs: null,
      deadlineMs: null,
      idleTimeoutMs: null,
      attempts: null,
      format: "json",
      mode: "write",
      onInterrupt: "detach",
      onQuestion: "exit",
      doesDeliver: true,
      runId: null,
      validates: true,
      workflowRunId: null,
      stepId: null,
      caller: null,
      parentRunId: null,
      isDryRun: false,
      checksHealth: true,
      notify: [],
    });
  });

  test.each<[string, readonly string[], Partial<DelegateCommand>]>([
    ["--no-wait", ["--no-wait"], { waits: false }],
    [
      "--channel-context",
      ["--channel-context", "#general", "--caller", "boss"],
      { channel: { channel: "#general", count: 20 }, caller: "boss" },
    ],
    [
      "--channel-messages",
      ["--channel-context=7", "--channel-messages=30", "--caller=boss"],
      { channel: { channel: "7", count: 30 }, caller: "boss" },
    ],
    ["--wait", ["--wait"], { waits: true }],
    ["--notify", ["--notify", "telegram", "--notify=telegram"], { notify: ["telegram"] }],
    ["--no-notify", ["--no-notify"], { notify: "nobody" }],
    ["--timeout", ["--timeout", "1.5"], { timeoutMs: 1_500 }],
    ["a very short --timeout", ["--timeout", "0.0001"], { timeoutMs: 1 }],
    ["--deadline", ["--deadline=60"], { deadlineMs: 60_000 }],
    ["--idle-timeout", ["--idle-timeout", "5"], { idleTimeoutMs: 5_000 }],
    ["--retries", ["--retries", "2"], { attempts: 2 }],
    ["--attempts", ["--attempts", "2"], { attempts: 2 }],
    ["the last of two --retries", ["--retries", "1", "--retries", "3"], { attempts: 3 }],
    ["--format", ["--format", "text"], { format: "text" }],
    [
      "several --context",
      ["--context", "a.md", "--context", "-"],
      { context: [{ kind: "file", path: "a.md" }, { kind: "stdin" }] },
    ],
    ["--no-deliver", ["--no-deliver"], { doesDeliver: false }],
    ["--run-id", ["--run-id", "007"], { runId: "007" }],
    ["--no-validate", ["--no-validate"], { validates: false }],
    ["--schema", ["--schema", "s.json"], { schemaFile: "s.json" }],
    ["--workflow-id", ["--workflow-id", "w"], { workflowRunId: "w" }],
    ["--step-id", ["--step-id", "s"], { stepId: "s" }],
    ["--caller", ["--caller", "me"], { caller: "me" }],
    ["--parent", ["--parent", "r0"], { parentRunId: "r0" }],
    ["--dry-run", ["--dry-run"], { isDryRun: true }],
    ["--no-health", ["--no-health"], { checksHealth: false }],
    ["--config", ["--config", "c.json"], { config: "c.json" }],
    ["short flags together", ["-qvn"], { isQuiet: true, isVerbose: true, isDryRun: true }],
    ["options before the words", [], {}],
  ])("understands %s", async (_option, words, expected) => {
    expect(await delegation(...words, "lead", "do it")).toMatchObject({
      agent: "lead",
      task: { kind: "text", text: "do it" },
      ...expected,
    });
  });

  test.each([
    "- buy milk\n- sell it",
    "--fix the bug",
    "-5",
    "-5.0",
    '"quoted"',
    "'quoted'",
    "true",
    "a=b --c",
    "",
    " ",
    "007",
    "1e3",
  ])("takes the task %j just as it is", async (text) => {
    expect((await delegation("lead", "--quiet", text)).task).toEqual({ kind: "text", text });
  });

  test("takes anything for the task behind --", async () => {
    expect((await delegation("lead", "--", "--no-wait")).task).toEqual({
      kind: "text",
      text: "--no-wait",
    });
  });

  test("reads the task from stdin or from a file", async () => {
    expect((await delegation("lead", "-")).task).toEqual({ kind: "stdin" });
    expect((await delegation("lead", "--task-file", "t.md")).task).toEqual({
      kind: "file",
      path: "t.md",
    });
    expect((await delegation("lead", "--task-file", "-")).task).toEqual({ kind: "stdin" });
  });

  test("takes caller and parent from the environment, unless they are given", async () => {
    const defaults = { caller: "me", parentRunId: "r0" };
    expect((await parsed(["lead", "do it"], defaults)).command).toMatchObject(defaults);
    expect((await parsed(["lead", "do it", "--caller", "you"], defaults)).command).toMatchObject({
      caller: "you",
      parentRunId: "r0",
    });
  });

  test("cuts more than 3 attempts, and says so unless it has to be quiet", async () => {
    const { command, notes } = await parsed(["lead", "do it", "--retries", "9"]);
    expect(command).toMatchObject({ attempts: 3 });
    expect((await parsed(["lead", "do it", "--retries", "3"])).notes).toEqual([]);
    expect(notes).toEqual(["--retries 9 is cut to 3 attempts in all"]);
    expect((await parsed(["lead", "do it", "--retries", "9", "--quiet"])).notes).toEqual([]);
  });
});

describe("the other commands", () => {
  test.each<[string, readonly string[], object]>([
    ["wait", ["r1"], { runId: "r1", timeoutMs: null, format: "json" }],
    [
      "wait",
      ["r1", "--timeout", "3", "--format", "text"],
      { runId: "r1", timeoutMs: 3_000, format: "text" },
    ],
    ["show", ["r1", "--json"], { runId: "r1", isJson: true }],
    ["list", [], { status: null, agent: null, caller: null, limit: 20, isJson: false }],
    [
      "list",
      ["--status", "complete", "--agent", "a", "--caller", "c", "--limit", "5"],
      { status: "complete", agent: "a", caller: "c", limit: 5 },
    ],
    ["agents", ["--json"], { isJson: true }],
    ["doctor", [], { isJson: false }],
    ["acl", ["explain", "a", "b"], { caller: "a", target: "b" }],
    [
      "handoff",
      ["check", "f.json"],
      { document: { kind: "file", path: "f.json" }, schemaFile: null, validates: true },
    ],
    [
      "handoff",
      ["check", "f.json", "--schema", "s", "--no-validate"],
      { schemaFile: "s", validates: false },
    ],
    [
      "handoff",
      ["submit", "f.json", "--run-id", "r1"],
      { action: "submit", document: { kind: "file", path: "f.json" }, runId: "r1" },
    ],
    ["handoff", ["submit", "-"], { document: { kind: "stdin" }, runId: null, isJson: false }],
    [
      "handoff",
      ["progress", "half done", "--percent", "45.5", "--json"],
      { action: "progress", text: "half done", percent: 45.5, runId: null, isJson: true },
    ],
    ["handoff", ["progress", "1", "--percent", "0"], { text: "1", percent: 0 }],
    ["handoff", ["progress", "1"], { percent: null }],
    [
      "handoff",
      ["ask", " Which? ", "--option", "a", "--option", "a", "--option", "b", "--no-free-text"],
      { text: "Which?", options: ["a", "b"], allowsFreeText: false, waits: false },
    ],
    ["handoff", ["ask", "Which?", "--wait", "--timeout", "3"], { waits: true, timeoutMs: 3_000 }],
    [
      "wait",
      ["r1", "--deadline", "60", "--idle-timeout", "5", "--on-question", "wait"],
      { timeoutMs: null, deadlineMs: 60_000, idleTimeoutMs: 5_000, onQuestion: "wait" },
    ],
    ["logs", [], { runId: null, isFollowing: false, afterSeq: null, agent: null, since: null }],
    [
      "logs",
      ["r1", "-f", "--after-seq", "7", "--since", "10m", "--json"],
      { runId: "r1", isFollowing: true, afterSeq: 7, since: { kind: "ago", ms: 600_000 } },
    ],
    ["watch", ["a", "b", "a", "--exit-status"], { runIds: ["a", "b"], hasExitStatus: true }],
    ["watch", ["--no-color"], { runIds: [], hasExitStatus: false, isPlain: true }],
    ["questions", ["--open", "--json"], { isOpenOnly: true, isJson: true }],
    ["answer", ["q1", "yes"], { reply: { kind: "text", source: { kind: "text", text: "yes" } } }],
    ["answer", ["q1", "-"], { reply: { kind: "text", source: { kind: "stdin" } }, by: null }],
    ["answer", ["q1", "--option", "2", "--by", "anna"], { reply: { number: 2 }, by: "anna" }],
    ["answer", ["q1", "--approve"], { questionId: "q1", reply: { kind: "approve" } }],
    ["answer", ["q1", "--discuss", "why?"], { reply: { kind: "discuss", text: "why?" } }],
    ["cancel", ["r1", "--reason", "late"], { runId: "r1", reason: "late", caller: null }],
    ["prune", ["-n"], { olderThan: { kind: "ago", ms: 30 * 86_400_000 }, isDryRun: true }],
    ["prune", ["--older-than", "12h"], { olderThan: { kind: "ago", ms: 43_200_000 } }],
    ["init", [], {}],
    ["gateway", ["start"], { action: "start" }],
    ["gateway", ["run", "-v"], { action: "run", isVerbose: true }],
    ["completion", ["fish"], { shell: "fish" }],
    ["demo", [], {}],
  ])("%s %j", async (name, words, expected) => {
    expect((await parsed([name, ...words])).command).toMatchObject({ name, ...expected });
  });

  test("skip is an answer of its own kind", async () => {
    const { command } = await parsed(["skip", "q1"], { caller: "me", parentRunId: null });
    expect(command).toMatchObject({ name: "answer", reply: { kind: "skip" }, by: "me" });
  });

  test.each([
    [[], ""],
    [["--help"], ""],
    [["lead", "-h"], ""],
    [["wait", "--help"], "wait"],
    [["help"], ""],
    [["help", "wait"], "wait"],
  ])("%j shows help", async (words, topic) => {
    expect((await parsed(words)).command).toEqual({ name: "help", topic });
  });

  test("--version shows the version", async () => {
    expect((await parsed(["--version"])).command).toEqual({ name: "version" });
  });
});

describe("a command line is refused, with what to do", () => {
  test.each<[readonly string[], RegExp]>([
    [["--quiet"], /an agent is missing \| delegate <agent>/],
    [["", "do it"], /an agent is missing/],
    [["lead"], /a task for lead is missing \| delegate lead "<task>"/],
    [["lsit"], /a task for lsit is missing \| did you mean delegate list\?/],
    [["lead", "do", "it"], /"it" is one word too many \| put the task in quotes/],
    [
      ["anser", "q1", "yes"],
      /one word too many \| put the task in quotes; or did you mean delegate answer\?/,
    ],
    [["lst", "--json"], /unknown option --json \| .*; or did you mean delegate list\?/],
    [["lead", "do it", "--task-file", "t"], /the task is given twice/],
    [["lead", "-", "--context", "-"], /stdin can be read only once/],
    [["lead", "do it", "--timeuot", "5"], /unknown option --timeuot \| did you mean --timeout\?/],
    [["lead", "do it", "--zzzzzzzzzz"], /unknown option --zzzzzzzzzz \| delegate --help/],
    [["lead", "do it", "--timeout.x", "5"], /unknown option --timeout\.x/],
    [["lead", "do it", "-x"], /unknown option -x/],
    [["lead", "do it", "--no-timeout"], /unknown option --no-timeout \| did you mean --timeout\?/],
    [["lead", "do it", "--no-wait=false"], /--no-wait takes no value/],
    [["lead", "do it", "--quiet=yes"], /--quiet takes no value/],
    [["lead", "do it", "--timeout"], /--timeout needs a value/],
    [["lead", "do it", "--timeout", "--quiet"], /--timeout needs a value/],
    [["lead", "do it", "--context", "", "--context", "a"], /--context needs a value/],
    [["lead", "do it", "--timeout", "soon"], /--timeout "soon" is no time \| give seconds/],
    [["lead", "do it", "--timeout", "0"], /"0" is no time/],
    [["lead", "do it", "--timeout", "-5"], /"-5" is no time/],
    [["lead", "do it", "--timeout", "1e3"], /"1e3" is no time/],
    [["lead", "do it", "--deadline", "9999999"], /is no time.*at most 2592000/],
    [["lead", "do it", "--retries", "0"], /--retries "0" is no count/],
    [["lead", "do it", "--format", "txt"], /can't be "txt" \| did you mean text\?/],
    [["lead", "do it", "--format", "yamlish"], /can't be "yamlish" \| use json, text$/],
    [["lead", "do it", "--notify", "telegramm"], /can't be "telegramm" \| did you mean telegram\?/],
    [["lead", "do it", "--notify"], /--notify needs a value/],
    [["lead", "do it", "--notify", "telegram", "--no-notify"], /contradict .* \| leave one/],
    [["lead", "do it", "--no-notify", "--notify", "telegram"], /contradict each other/],
    [["list", "--no-notify"], /unknown option --no-notify/],
    [["wait"], /a run id is missing \| delegate wait --help/],
    [["wait", ""], /a run id is missing/],
    [["wait", "r1", "r2"], /"r2" is one word too many/],
    [["wait", "r1", "--retries", "2"], /unknown option --retries/],
    [["list", "r1"], /"r1" is one word too many/],
    [["list", "--limit", "x"], /--limit "x" is no count/],
    [["acl"], /explain is missing/],
    [["acl", "expalin", "a", "b"], /"expalin" is not known here/],
    [["acl", "explain"], /a caller is missing/],
    [["acl", "explain", "a"], /a target is missing/],
    [["acl", "explain", "a", "b", "c"], /"c" is one word too many/],
    [["handoff"], /check, submit, progress or ask is missing/],
    [["handoff", "sumbit", "f"], /"sumbit" is not known here/],
    [["handoff", "submit"], /a file is missing/],
    [
      ["handoff", "submit", "f", "--percent", "3"],
      /submit does not take --percent \| leave it out/,
    ],
    [["handoff", "submit", "f", "--no-validate"], /submit does not take --no-validate/],
    [["handoff", "check", "f", "--run-id", "r"], /check does not take --run-id/],
    [["handoff", "progress"], /a text is missing/],
    [["handoff", "progress", ""], /a text is missing/],
    [["handoff", "progress", "half", "done"], /"done" is one word too many/],
    [["handoff", "progress", "x", "--percent", "101"], /"101" is no share \| give a number from 0/],
    [["handoff", "progress", "x", "--percent", "-1"], /"-1" is no share/],
    [["handoff", "progress", "x", "--percent", "half"], /"half" is no share/],
    [["handoff", "check"], /a file is missing/],
    [["handoff", "check", "a", "b"], /"b" is one word too many/],
    [["handoff", "ask", " "], /a question has 1 to 10000 characters \| ask in a few/],
    [["handoff", "ask", "x", "--timeout", "3"], /--timeout needs --wait \| add --wait/],
    [["handoff", "ask", "x", "--no-free-text"], /--no-free-text needs an --option \| add the/],
    [["logs", "--after-seq", "3"], /--after-seq needs a run.* \| name the run/],
    [["logs", "r1", "--after-seq", "x"], /--after-seq "x" is no number \| give a whole number/],
    [["logs", "--since", "soon"], /--since "soon" is no time \| give 30s/],
    [["answer"], /a question id is missing/],
    [["answer", "q1"], /an answer is missing \| give a text/],
    [["answer", "q1", "yes", "no"], /"no" is one word too many \| put the answer in quotes/],
    [["answer", "q1", "yes", "--approve"], /one answer is enough \| give a text/],
    [["lead", "x", "--channel-messages", "3"], /--channel-messages needs --channel-context/],
    [["lead", "x", "--channel-context", "c"], /needs to know who delegates.* \| add --caller/],
    [
      ["lead", "x", "--channel-context", "c", "--channel-messages", "99"],
      /--channel-messages 99 is too many \| give a whole number from 1 to 30/,
    ],
    [["gateway"], /start, status, stop or run is missing/],
    [["gateway", "strat"], /"strat" is not known here \| did you mean start\?/],
    [["completion", "powershell"], /not known here \| use bash, zsh, fish/],
  ])("%j", async (words, says) => {
    expect(await refusal(...words)).toMatch(says);
  });
});

describe("the command may stand behind options", () => {
  test.each<[readonly string[], object]>([
    [["--config", "c.json", "list"], { name: "list", config: "c.json" }],
    [["--config=c.json", "list"], { name: "list", config: "c.json" }],
    [["-q", "--limit", "5", "list", "--json"], { name: "list", limit: 5, isJson: true }],
    [["--timeout", "3", "wait", "r1"], { name: "wait", runId: "r1", timeoutMs: 3_000 }],
    [["--attempts", "2", "lead", "do it"], { name: "delegate", agent: "lead", attempts: 2 }],
    [["--step-id", "wait", "lead", "do it"], { name: "delegate", stepId: "wait" }],
    [["--", "lead", "wait"], { name: "delegate", agent: "lead" }],
    [["--help", "list"], { name: "help", topic: "list" }],
    [["-q", "help", "list"], { name: "help", topic: "list" }],
    [["list", "--nope", "--help"], { name: "help", topic: "list" }],
  ])("%j", async (words, expected) => {
    expect((await parsed(words)).command).toMatchObject(expected);
  });
});

describe("a mistyped word is answered with the nearest", () => {
  test.each<[readonly string[], RegExp]>([
    [["list", "--jsno"], /unknown option --jsno \| did you mean --json\?/],
    [["list", "--no-heatlh"], /unknown option --no-heatlh \| delegate list --help/],
    [["agents", "--no-heatlh"], /unknown option --no-heatlh \| did you mean --no-health\?/],
    [["lead", "do it", "--no-wiat"], /unknown option --no-wiat \| did you mean --no-wait\?/],
    [["lead", "do it", "--dry"], /unknown option --dry \| did you mean --dry-run\?/],
    [["lead", "do it", "--channel", "x"], /unknown option --channel \| delegate --help/],
    [["--limti", "list"], /unknown option --limti \| did you mean --limit\?/],
    [["list", "--verbsoe"], /unknown option --verbsoe \| delegate list --help/],
    [["acl", "expalin", "a", "b"], /"expalin" is not known here \| did you mean explain\?/],
    [["handoff", "chekc", "f"], /"chekc" is not known here \| did you mean check\?/],
    [["help", "lsit"], /there is no command "lsit" \| did you mean list\?/],
    [["help", "something"], /there is no command "something" \| delegate --help lists/],
  ])("%j", async (words, says) => {
    expect(await refusal(...words)).toMatch(says);
  });
});

test.each<[readonly string[], boolean]>([
  [["lead"], true],
  [["lead", "--format", "json", "--nope"], true],
  [["lead", "--format", "text"], false],
  [["lead", "--format=json", "--format=text"], false],
  [["wait"], true],
  [["wait", "--format", "text"], false],
  [["list", "--nope"], false],
  [["list", "--nope", "--json"], true],
  [["--json", "list", "--nope"], true],
  [["logs", "--json", "--nope"], false],
  [["init", "too much"], false],
])("whether %j waits for a JSON document: %s", async (words, wantsJson) => {
  expect((await misuse(...words)).wantsJson).toBe(wantsJson);
});

test("no command line at all breaks the parser", async () => {
  const specs = [delegateGrammar, ...commandGrammars];
  const names = specs.flatMap(({ name, options }) => [name, ...options.map((one) => one.name)]);
  const known = fc.constantFrom(...names);
  const word = fc.oneof(
    known,
    known.map((name) => `--${name}`),
    fc.tuple(known, fc.string()).map(([name, value]) => `--${name}=${value}`),
    known.map((name) => `--no-${name}`),
    fc.constantFrom("-", "--", "-q", "-vn", "--__proto__", "--constructor", "--_", "explain", "a"),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
      const result = await parseCommand(words, nobody);
      if (result.ok) return;
      const { failure } = result.failure;
      expect(failure).toMatchObject({ code: "usage", hint: expect.stringMatching(/./) });
      expect(failure.message).not.toBe("");
    }),
    { numRuns: 2_000 },
  );
});

test("a bug stays a bug, and is not told as the user's mistake", async () => {
  const broken: CommandDefaults = {
    parentRunId: null,
    get caller(): string {
      throw new Error("a bug");
    },
  };
  await expect(parseCommand(["lead", "do it"], broken)).rejects.toThrow("a bug");
});
