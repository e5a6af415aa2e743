import type { FlowRunStatus } from "../../flows/store.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import { commonOptions, jsonOption } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";
import { limitOption, readLimit } from "./listing.ts";
import { pruneOptions, readPruning } from "./pruning.ts";
import { inPlainLines } from "./watching.ts";

const statuses: readonly FlowRunStatus[] = ["running", "waiting", "complete", "failed", "canceled"];

const exportFormat: OptionSpec = {
  name: "format",
  kind: "value",
  placeholder: "markdown|json",
  choices: ["markdown", "json"],
  describe: "a text for people, or one document with everything",
  default: "markdown",
};

/** `delegate flow list`. */
export const flowListGrammar: CommandGrammar = {
  name: "flow list",
  usage: "",
  describe: "List flow runs, newest first.",
  prints: "document",
  options: [
    {
      name: "status",
      kind: "value",
      placeholder: "status",
      choices: statuses,
      describe: "only those with this status; waiting: nothing goes on before somebody decides",
    },
    { name: "name", kind: "value", placeholder: "flow", describe: "only runs of this flow" },
    limitOption,
    jsonOption,
    ...commonOptions,
  ],
  read: (reader) => {
    reader.none();
    const { args } = reader;
    return {
      ...reader.common(),
      name: "flow",
      action: "list",
      status: statuses.find((status) => status === args.value("status")) ?? null,
      flow: args.value("name"),
      limit: readLimit(reader),
      isJson: args.isOn("json"),
    };
  },
};

/** `delegate flow show <id>`. */
export const flowShowGrammar: CommandGrammar = {
  name: "flow show",
  usage: "<id>",
  describe:
    "Show a flow run: each step, what waits for somebody and with which command, its events.",
  prints: "document",
  options: [jsonOption, ...commonOptions],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "show",
    flowRunId: reader.only("the id of a flow run"),
    isJson: reader.args.isOn("json"),
  }),
};

/** `delegate flow logs <id>`. */
export const flowLogsGrammar: CommandGrammar = {
  name: "flow logs",
  usage: "<id>",
  describe: "Show what has happened in a flow run.",
  prints: "text",
  options: [
    {
      name: "follow",
      alias: "f",
      kind: "flag",
      describe: "go on as more happens, until its end, then with its exit code",
    },
    {
      name: "after-seq",
      kind: "value",
      placeholder: "n",
      describe: "only events with a higher seq than this",
    },
    { name: "json", kind: "flag", describe: "one event a line, as it is stored (NDJSON)" },
    ...commonOptions,
  ],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "logs",
    flowRunId: reader.only("the id of a flow run"),
    isFollowing: reader.args.isOn("follow"),
    afterSeq: reader.wholeNumber("after-seq"),
    isJson: reader.args.isOn("json"),
  }),
};

/** `delegate flow watch [id…]`. */
export const flowWatchGrammar: CommandGrammar = {
  name: "flow watch",
  usage: "[id…]",
  describe:
    "Watch flow runs live as trees: those named until they have ended, or all that have not ended until Ctrl-C.",
  prints: "text",
  options: [
    {
      name: "exit-status",
      kind: "flag",
      describe: "end with the exit code of the flow run that failed first; 0 if none did",
    },
    ...commonOptions.map(inPlainLines),
  ],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "watch",
    flowRunIds: [...new Set(reader.args.positionals)],
    hasExitStatus: reader.args.isOn("exit-status"),
    isPlain: !reader.args.isOn("color", true),
  }),
};

/** `delegate flow export <id>`. */
export const flowExportGrammar: CommandGrammar = {
  name: "flow export",
  usage: "<id>",
  describe: "Write down a flow run: its report, what each step came to, its events.",
  prints: "text",
  options: [
    exportFormat,
    {
      name: "output",
      alias: "o",
      kind: "value",
      placeholder: "file",
      describe: "the file to write; never one that is there already",
      default: "stdout",
    },
    ...commonOptions,
  ],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "export",
    flowRunId: reader.only("the id of a flow run"),
    format: reader.args.value("format") === "json" ? "json" : "markdown",
    output: reader.args.value("output"),
  }),
};

/** `delegate flow prune`. */
export const flowPruneGrammar: CommandGrammar = {
  name: "flow prune",
  usage: "",
  describe: "Remove flow runs that ended long ago. Runs of their agents stay: delegate prune.",
  prints: "document",
  options: pruneOptions,
  read: (reader) => ({ ...readPruning(reader), name: "flow", action: "prune" }),
};
