import { DEFAULT_CHANNEL_MESSAGES, MAX_CHANNEL_MESSAGES } from "../../discord/message-count.ts";
import { MAX_ATTEMPTS } from "../../handoff/paths.ts";
import type { ChannelWish, DelegateCommand } from "../command.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";
import { sourceOf } from "../command-line/reader.ts";
import { formatOption, grouped, notifyOptions, onQuestionOption, runOptions } from "./common.ts";
import type { CommandDefaults, CommandGrammar } from "./grammar.ts";

const limits: readonly OptionSpec[] = grouped("Limits", [
  {
    name: "timeout",
    kind: "value",
    placeholder: "sec",
    describe: "most time for one attempt, from its admission",
    default: "300, or timeoutSeconds in the config",
  },
  {
    name: "deadline",
    kind: "value",
    placeholder: "sec",
    describe: "most time for the whole run, retries included",
    default: "none",
  },
  {
    name: "idle-timeout",
    kind: "value",
    placeholder: "sec",
    describe: "most time without a sign of life: a handoff with status working, or a changed file",
    default: "none",
  },
  {
    name: "retries",
    alias: "attempts",
    kind: "value",
    placeholder: "n",
    describe: "attempts in all, the first included: 1 to 3",
    default: "1, or retry.attempts in the config",
  },
]);

const material: readonly OptionSpec[] = grouped("What the agent gets", [
  {
    name: "task-file",
    kind: "value",
    placeholder: "file",
    describe: "read the task from a file; - is stdin",
  },
  {
    name: "context",
    kind: "list",
    placeholder: "file",
    describe: "text put before the task as material; may be repeated; - is stdin",
  },
  {
    name: "channel-context",
    kind: "value",
    placeholder: "channel",
    describe: "put the newest messages of a Discord channel (name or id) before the task",
  },
  {
    name: "channel-messages",
    kind: "value",
    placeholder: "n",
    describe: `how many of them: 1 to ${MAX_CHANNEL_MESSAGES}`,
    default: String(DEFAULT_CHANNEL_MESSAGES),
  },
  {
    name: "mode",
    kind: "value",
    placeholder: "plan",
    choices: ["plan"],
    describe: "it may only read; an agent that can't be held to that is refused",
  },
  { name: "deliver", kind: "negatable", describe: "don't have its reply posted to its channel" },
  { name: "health", kind: "negatable", describe: "don't ask its gateway for its health first" },
]);

const handoff: readonly OptionSpec[] = grouped("What it must hand over", [
  {
    name: "schema",
    kind: "value",
    placeholder: "file",
    describe: "JSON Schema (2020-12) that the handoff's data must satisfy",
  },
  {
    name: "validate",
    kind: "negatable",
    describe: "check only status and result of the handoff",
  },
]);

const names: readonly OptionSpec[] = grouped("Names", [
  {
    name: "run-id",
    kind: "value",
    placeholder: "id",
    describe: "own id; the same id again returns the stored outcome or joins the run",
    default: "a new one",
  },
  {
    name: "caller",
    kind: "value",
    placeholder: "agent",
    describe: "who delegates",
    default: "$DELEGATE_CALLER",
  },
  {
    name: "parent",
    kind: "value",
    placeholder: "runId",
    describe: "the run within which it delegates",
    default: "$DELEGATE_PARENT_RUN",
  },
  {
    name: "workflow-id",
    kind: "value",
    placeholder: "id",
    describe: "carried into message, log and result as workflowRunId",
  },
  {
    name: "step-id",
    kind: "value",
    placeholder: "id",
    describe: "carried into message, log and result as stepId",
  },
]);

const staying: readonly OptionSpec[] = grouped("Waiting and telling", [
  {
    name: "wait",
    kind: "negatable",
    describe:
      "send, print {status: sent, runId, agent} and leave; get the result later with delegate wait",
  },
  formatOption,
  {
    name: "on-interrupt",
    kind: "value",
    placeholder: "detach|cancel",
    choices: ["detach", "cancel"],
    describe: "what Ctrl-C does: leave the work running, or end it",
    default: "detach",
  },
  onQuestionOption,
  ...notifyOptions,
]);

/** `delegate <agent> <task>`. */
export const delegateGrammar: CommandGrammar = {
  name: "",
  usage: "<agent> <task>",
  describe:
    "Hand a task to another agent and wait for its validated result. With - as the task, it is read from stdin.",
  prints: "outcome",
  options: [
    ...limits,
    ...material,
    ...handoff,
    ...names,
    ...staying,
    {
      name: "dry-run",
      alias: "n",
      kind: "flag",
      describe: "print what would be sent, and send nothing",
    },
    ...runOptions,
    { name: "version", kind: "flag", describe: "print the version" },
  ],
  examples: [
    [
      'delegate tech-lead "Review the plan in /srv/plan.md" --retries 2',
      "wait for the result, as JSON",
    ],
    ['git diff | delegate reviewer "Review this" --context - --format text', "in a pipeline"],
    ['delegate tech-lead "…" --no-wait', "then: delegate wait <runId>"],
  ],
  read: readDelegate,
};

function readDelegate(reader: Reader, defaults: CommandDefaults): DelegateCommand {
  const { args } = reader;
  const agent = reader.agent();
  const caller = args.value("caller") ?? defaults.caller;
  const command: DelegateCommand = {
    ...reader.common(),
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
    attempts: readAttempts(reader),
    format: reader.format(),
    onInterrupt: args.value("on-interrupt") === "cancel" ? "cancel" : "detach",
    onQuestion: reader.onQuestion(),
    mode: args.value("mode") === "plan" ? "plan" : "write",
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
  return command;
}

function readAttempts(reader: Reader): number | null {
  const asked = reader.count("retries");
  if (asked === null || asked <= MAX_ATTEMPTS) return asked;
  reader.note(`--retries ${asked} is cut to ${MAX_ATTEMPTS} attempts in all`);
  return MAX_ATTEMPTS;
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
