import type { FlowRunCommand } from "../flow/command.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";
import { formatOption, grouped, notifyOptions, runOptions } from "./common.ts";
import type { CommandDefaults, CommandGrammar } from "./grammar.ts";

/** How the end of a flow run is printed. */
export const flowFormatOption: OptionSpec = {
  ...formatOption,
  describe: "json: one document on stdout; text: the report alone, as Markdown",
};

/** Leaves the rest to a worker. */
export const detachOption: OptionSpec = {
  name: "detach",
  alias: "d",
  kind: "flag",
  describe: "don't stay: a worker goes on with it; one is started if there is none",
};

/** `delegate flow run <name|file>`. */
export const flowRunGrammar: CommandGrammar = {
  name: "flow run",
  usage: "<name|file>",
  describe:
    "Run a flow to its end. This process carries it out, with the workers that are there; Ctrl-C leaves it as it is, to go on later.",
  prints: "outcome",
  options: [
    ...grouped("What it gets", [
      {
        name: "input",
        alias: "i",
        kind: "list",
        placeholder: "name=value",
        describe: "an input of the flow; name=@file reads a file; may be repeated",
      },
      {
        name: "agent",
        kind: "list",
        placeholder: "role=agent",
        describe: "the agent that takes a role of the flow; may be repeated",
      },
      {
        name: "run-id",
        kind: "value",
        placeholder: "id",
        describe: "its id; the same one again joins that flow run, or prints its end",
        default: "a new one",
      },
      {
        name: "caller",
        kind: "value",
        placeholder: "name",
        describe: "who starts it",
        default: "$DELEGATE_CALLER, else your user name",
      },
      {
        name: "parent",
        kind: "value",
        placeholder: "runId",
        describe: "the run within which it is started",
        default: "$DELEGATE_PARENT_RUN",
      },
    ]),
    ...grouped("How it goes", [
      detachOption,
      {
        name: "dry-run",
        alias: "n",
        kind: "flag",
        describe: "only show what would be done; nothing is sent and nothing is run",
      },
      {
        name: "stubs",
        kind: "value",
        placeholder: "file",
        describe:
          "with --dry-run: walk through the whole flow with the outputs in this file (YAML or JSON)",
      },
      {
        name: "full",
        kind: "flag",
        describe: "with --dry-run: show whole prompts, commands and values, too",
      },
      flowFormatOption,
      ...notifyOptions,
    ]),
    ...runOptions,
  ],
  examples: [
    ['delegate flow run build --input task="Add a --json option"', ""],
    ["delegate flow run ./release.yaml -i notes=@NOTES.md --detach", "then: flow watch, flow wait"],
    ["delegate flow run build -i task=x --dry-run", "the plan"],
  ],
  read: readRun,
};

/** `delegate flow wait <id>`. */
export const flowWaitGrammar: CommandGrammar = {
  name: "flow wait",
  usage: "<id>",
  describe:
    "Wait for the end of a flow run, from any process. When no worker is there, this process carries it on; with --timeout, one is started.",
  prints: "outcome",
  options: [
    {
      name: "timeout",
      kind: "value",
      placeholder: "sec",
      describe: "most time to wait here, then exit 3; the flow run stays",
      default: "until its end",
    },
    flowFormatOption,
    ...notifyOptions,
    ...runOptions,
  ],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "wait",
    flowRunId: reader.only("the id of a flow run"),
    timeoutMs: reader.milliseconds("timeout"),
    notify: reader.notify(),
    format: reader.format(),
  }),
};

function readRun(
  reader: Reader,
  { caller, parentRunId }: CommandDefaults,
): FlowRunCommand & { readonly name: "flow" } {
  const { args } = reader;
  const isDryRun = args.isOn("dry-run");
  const stubsFile = args.value("stubs");
  if (stubsFile !== null && !isDryRun)
    reader.refuse("--stubs needs --dry-run", "add --dry-run: nothing is sent then");
  const isFull = args.isOn("full");
  if (isFull && !isDryRun)
    reader.refuse("--full needs --dry-run", "add --dry-run: nothing is sent then");
  return {
    ...reader.common(),
    name: "flow",
    action: "run",
    flow: reader.only("the name or file of a flow"),
    inputs: args.values("input"),
    agents: readAgents(reader),
    flowRunId: args.value("run-id"),
    caller: args.value("caller") ?? caller,
    parentRunId: args.value("parent") ?? parentRunId,
    doesDetach: args.isOn("detach"),
    isDryRun,
    stubsFile,
    isFull,
    notify: reader.notify(),
    format: reader.format(),
  };
}

function readAgents(reader: Reader): Readonly<Record<string, string>> {
  const agents: Record<string, string> = {};
  for (const word of reader.args.values("agent")) {
    const [, role = "", agent = ""] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (role === "")
      reader.refuse(`--agent ${JSON.stringify(word)} says no role`, "write --agent <role>=<agent>");
    if (Object.hasOwn(agents, role))
      reader.refuse(`--agent gives the role ${role} twice`, "leave one of them out");
    agents[role] = agent;
  }
  return agents;
}
