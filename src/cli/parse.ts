import { DEFAULT_CHANNEL_MESSAGES, MAX_CHANNEL_MESSAGES } from "../discord/message-count.ts";
import type { Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { MAX_ATTEMPTS } from "../handoff/paths.ts";
import { parseArguments } from "./arguments.ts";
import type {
  ChannelWish,
  Command,
  CommonOptions,
  GatewayAction,
  CompletionShell,
  TextSource,
  WrittenReply,
} from "./command.ts";
import { commandSpecs, delegateSpec } from "./options.ts";
import { readHandoffCommand } from "./parse-handoff.ts";
import { Reader, sourceOf, UsageError } from "./reader.ts";

const DEFAULT_PRUNE_AGE_MS = 30 * 86_400_000;

/** What the environment may say in place of options. */
export interface CommandDefaults {
  readonly caller: string | null;
  readonly parentRunId: string | null;
}

/** A command, and what should be said about how it was written. */
export interface Parsed {
  readonly command: Command;
  readonly notes: readonly string[];
}

/** Reads a command line: argv without the program's own words. */
export function parseCommand(words: readonly string[], defaults: CommandDefaults): Result<Parsed> {
  if (words[0] === "help") return success(quiet({ name: "help", topic: words[1] ?? "" }));
  const spec = commandSpecs.find(({ name }) => name === words[0]) ?? delegateSpec;
  const rest = spec === delegateSpec ? words : words.slice(1);
  const taken = parseArguments(rest, spec);
  if (!taken.ok) return taken;
  const args = taken.value;
  if (args.isOn("help") || (spec === delegateSpec && words.length === 0))
    return success(quiet({ name: "help", topic: spec.name }));
  if (args.isOn("version")) return success(quiet({ name: "version" }));
  try {
    return success(readCommand(new Reader(spec, args), defaults));
  } catch (error) {
    if (error instanceof UsageError) return failure(error.failure);
    throw error;
  }
}

function quiet(command: Command): Parsed {
  return { command, notes: [] };
}

function readCommand(reader: Reader, defaults: CommandDefaults): Parsed {
  const { args, spec } = reader;
  const common: CommonOptions = {
    config: args.value("config"),
    isQuiet: args.isOn("quiet"),
    isVerbose: args.isOn("verbose"),
  };
  const isJson = args.isOn("json");
  switch (spec.name) {
    case "wait":
      return quiet({
        ...common,
        name: "wait",
        runId: reader.only("a run id"),
        timeoutMs: reader.milliseconds("timeout"),
        onQuestion: reader.onQuestion(),
        format: reader.format(),
        notify: reader.notify(),
      });
    case "show":
      return quiet({ ...common, name: "show", runId: reader.only("a run id"), isJson });
    case "list":
      reader.none();
      return quiet({
        ...common,
        name: "list",
        status: args.value("status"),
        agent: args.value("agent"),
        caller: args.value("caller"),
        limit: reader.count("limit") ?? 20,
        isJson,
      });
    case "logs":
      return quiet(readLogs(reader, common));
    case "watch":
      return quiet({
        ...common,
        name: "watch",
        runIds: [...new Set(args.positionals)],
        hasExitStatus: args.isOn("exit-status"),
        isPlain: !args.isOn("color", true),
      });
    case "cancel":
      return quiet({
        ...common,
        name: "cancel",
        runId: reader.only("a run id"),
        reason: args.value("reason"),
        caller: args.value("caller") ?? defaults.caller,
        isJson,
      });
    case "questions":
      reader.none();
      return quiet({ ...common, name: "questions", isOpenOnly: args.isOn("open"), isJson });
    case "answer":
      return quiet({
        ...common,
        name: "answer",
        questionId: reader.first("a question id"),
        reply: readReply(reader),
        by: args.value("by") ?? defaults.caller,
        isJson,
      });
    case "skip":
      return quiet({
        ...common,
        name: "answer",
        questionId: reader.only("a question id"),
        reply: { kind: "skip" },
        by: args.value("by") ?? defaults.caller,
        isJson,
      });
    case "prune":
      reader.none();
      return quiet({
        ...common,
        name: "prune",
        olderThan: reader.since("older-than") ?? { kind: "ago", ms: DEFAULT_PRUNE_AGE_MS },
        isDryRun: args.isOn("dry-run"),
        isJson,
      });
    case "agents":
      reader.none();
      return quiet({ ...common, name: "agents", asksHealth: args.isOn("health", true), isJson });
    case "doctor":
      reader.none();
      return quiet({ ...common, name: "doctor", isJson });
    case "init":
    case "demo":
      reader.none();
      return quiet({ ...common, name: spec.name });
    case "acl": {
      const [, caller, target] = reader.words(["explain"], "a caller", "a target");
      return quiet({ ...common, name: "acl", caller, target, isJson });
    }
    case "handoff":
      return quiet(readHandoffCommand(reader, common));
    case "gateway":
      return quiet({
        ...common,
        name: "gateway",
        action: reader.choice<GatewayAction>("start", "status", "stop", "run"),
        isJson,
      });
    case "completion":
      return quiet({
        ...common,
        name: "completion",
        shell: reader.choice<CompletionShell>("bash", "zsh", "fish"),
      });
    default:
      return readDelegate(reader, common, defaults);
  }
}

function readLogs(reader: Reader, common: CommonOptions): Command {
  const { args } = reader;
  const runId = args.positionals.length === 0 ? null : reader.only("a run id");
  const afterSeq = reader.wholeNumber("after-seq");
  if (afterSeq !== null && runId === null)
    reader.refuse(
      "--after-seq needs a run: each has numbers of its own",
      "name the run, or use --since",
    );
  return {
    ...common,
    name: "logs",
    runId,
    isFollowing: args.isOn("follow"),
    afterSeq,
    agent: args.value("agent"),
    since: reader.since("since"),
    isJson: args.isOn("json"),
  };
}

/** Exactly one way to answer. */
function readReply(reader: Reader): WrittenReply {
  const { args } = reader;
  const [, text, extra] = args.positionals;
  if (extra !== undefined)
    reader.refuse(`${JSON.stringify(extra)} is one word too many`, "put the answer in quotes");
  const option = reader.count("option");
  const remark = args.value("discuss");
  const replies: readonly (WrittenReply | null)[] = [
    text === undefined ? null : { kind: "text", source: answerSource(text) },
    option === null ? null : { kind: "option", number: option },
    args.isOn("approve") ? { kind: "approve" } : null,
    remark === null ? null : { kind: "discuss", text: remark },
  ];
  const [reply, another] = replies.filter((one) => one !== null);
  const ways = "give a text, - for stdin, --option <n>, --approve or --discuss <text>";
  if (reply === undefined) reader.refuse("an answer is missing", ways);
  if (another !== undefined) reader.refuse("one answer is enough", ways);
  return reply;
}

function answerSource(text: string): TextSource {
  return text === "-" ? { kind: "stdin" } : { kind: "text", text };
}

function readDelegate(reader: Reader, common: CommonOptions, defaults: CommandDefaults): Parsed {
  const { args } = reader;
  const asked = reader.count("retries");
  const notes =
    asked !== null && asked > MAX_ATTEMPTS && !common.isQuiet
      ? [`--retries ${asked} is cut to ${MAX_ATTEMPTS} attempts in all`]
      : [];
  const agent = reader.agent();
  const caller = args.value("caller") ?? defaults.caller;
  const command: Command = {
    ...common,
    name: "delegate",
    agent,
    task: reader.task(agent),
    context: args.values("context").map(sourceOf),
    channel: readChannel(reader, caller),
    schemaFile: args.value("schema"),
    waits: args.isOn("wait", true),
    timeoutMs: reader.milliseconds("timeout"),
    deadlineMs: reader.milliseconds("deadline"),
    idleTimeoutMs: reader.milliseconds("idle-timeout"),
    attempts: asked === null ? null : Math.min(asked, MAX_ATTEMPTS),
    format: reader.format(),
    onInterrupt: args.value("on-interrupt") === "cancel" ? "cancel" : "detach",
    onQuestion: reader.onQuestion(),
    doesDeliver: args.isOn("deliver", true),
    runId: args.value("run-id"),
    validates: args.isOn("validate", true),
    workflowRunId: args.value("workflow-id"),
    stepId: args.value("step-id"),
    caller,
    parentRunId: args.value("parent") ?? defaults.parentRunId,
    isDryRun: args.isOn("dry-run"),
    checksHealth: args.isOn("health", true),
    notify: reader.notify(),
  };
  const readers = [command.task, ...command.context].filter(({ kind }) => kind === "stdin");
  if (readers.length > 1)
    reader.refuse("stdin can be read only once", "give the task or one --context as a file");
  return { command, notes };
}

function readChannel(reader: Reader, caller: string | null): ChannelWish | null {
  const channel = reader.args.value("channel-context");
  const count = reader.count("channel-messages");
  if (channel === null) {
    if (count === null) return null;
    reader.refuse(
      "--channel-messages needs --channel-context",
      "name the channel with --channel-context",
    );
  }
  if (count !== null && count > MAX_CHANNEL_MESSAGES)
    reader.refuse(
      `--channel-messages ${count} is too many`,
      `give a whole number from 1 to ${MAX_CHANNEL_MESSAGES}`,
    );
  if (caller === null)
    reader.refuse(
      "--channel-context needs to know who delegates: Discord is read with the caller's bot",
      "add --caller <agent>",
    );
  return { channel, count: count ?? DEFAULT_CHANNEL_MESSAGES };
}
