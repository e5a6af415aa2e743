import { failureKinds } from "../../failure.ts";
import { documentOptions } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";
import { limitOption, readLimit } from "./listing.ts";
import { pruneOptions, readPruning } from "./pruning.ts";

/** What `delegate list` can show as a run's status, or what `status` is in its outcome. */
const shownStatuses: readonly string[] = [
  "running",
  "asking",
  "handed_over",
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
  options: [...documentOptions],
  read: (reader) => ({
    ...reader.document(),
    name: "show",
    runId: reader.only("a run id"),
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
      describe:
        "only runs with this status or error code; running for all that have not ended, asking or handed_over for some of them",
    },
    { name: "agent", kind: "value", placeholder: "agent", describe: "only runs of this agent" },
    {
      name: "caller",
      kind: "value",
      placeholder: "agent",
      describe: "only runs that this agent delegated",
    },
    limitOption,
    ...documentOptions,
  ],
  read: (reader) => {
    reader.none();
    const { args } = reader;
    return {
      ...reader.document(),
      name: "list",
      status: args.value("status"),
      agent: args.value("agent"),
      caller: args.value("caller"),
      limit: readLimit(reader),
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
    ...documentOptions,
  ],
  read: (reader, defaults) => ({
    ...reader.document(),
    name: "cancel",
    runId: reader.only("a run id"),
    reason: reader.args.value("reason"),
    caller: reader.args.value("caller") ?? defaults.caller,
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
