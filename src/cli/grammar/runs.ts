import { failureKinds } from "../../failure.ts";
import { commonOptions, jsonOption } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";
import { limitOption, readLimit } from "./listing.ts";
import { pruneOptions, readPruning } from "./pruning.ts";

/** What `delegate list` can show as a run's status, or what `status` is in its outcome. */
const shownStatuses: readonly string[] = [
  "running",
  "complete",
  "partial",
  ...new Set(Object.values(failureKinds).map(({ status }) => status)),
  ...Object.keys(failureKinds),
].filter((status, index, all) => all.indexOf(status) === index);

/** `delegate show <runId>`. */
export const showGrammar: CommandGrammar = {
  name: "show",
  usage: "<runId>",
  describe: "Show a run: its record, its events, its message, its handoff.",
  prints: "document",
  options: [jsonOption, ...commonOptions],
  read: (reader) => ({
    ...reader.common(),
    name: "show",
    runId: reader.only("a run id"),
    isJson: reader.args.isOn("json"),
  }),
};

/** `delegate list`. */
export const listGrammar: CommandGrammar = {
  name: "list",
  usage: "",
  describe: "List runs, newest first.",
  prints: "document",
  options: [
    {
      name: "status",
      kind: "value",
      placeholder: "status",
      choices: shownStatuses,
      describe: "only runs with this status or error code; running for those in flight",
    },
    { name: "agent", kind: "value", placeholder: "agent", describe: "only runs of this agent" },
    {
      name: "caller",
      kind: "value",
      placeholder: "agent",
      describe: "only runs that this agent delegated",
    },
    limitOption,
    jsonOption,
    ...commonOptions,
  ],
  read: (reader) => {
    reader.none();
    const { args } = reader;
    return {
      ...reader.common(),
      name: "list",
      status: args.value("status"),
      agent: args.value("agent"),
      caller: args.value("caller"),
      limit: readLimit(reader),
      isJson: args.isOn("json"),
    };
  },
};

/** `delegate cancel <runId>`. */
export const cancelGrammar: CommandGrammar = {
  name: "cancel",
  usage: "<runId>",
  describe: "End a run and all that was delegated from within it.",
  prints: "document",
  options: [
    { name: "reason", kind: "value", placeholder: "text", describe: "why, for the record" },
    {
      name: "caller",
      kind: "value",
      placeholder: "agent",
      describe: "who cancels",
      default: "$DELEGATE_CALLER",
    },
    jsonOption,
    ...commonOptions,
  ],
  read: (reader, defaults) => ({
    ...reader.common(),
    name: "cancel",
    runId: reader.only("a run id"),
    reason: reader.args.value("reason"),
    caller: reader.args.value("caller") ?? defaults.caller,
    isJson: reader.args.isOn("json"),
  }),
};

/** `delegate prune`. */
export const pruneGrammar: CommandGrammar = {
  name: "prune",
  usage: "",
  describe:
    "Remove runs that ended long ago, never what is live, asks, or belongs to a live flow run; and daily logs of that age.",
  prints: "document",
  options: pruneOptions,
  read: (reader) => ({ ...readPruning(reader), name: "prune" }),
};
