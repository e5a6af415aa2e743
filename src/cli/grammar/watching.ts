import type { Command } from "../command.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";
import { commonOptions } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

/** `delegate logs [runId]`. */
export const logsGrammar: CommandGrammar = {
  name: "logs",
  usage: "[runId]",
  describe: "Show what has happened: in one run, or in all of them, today.",
  // With --json it prints many.
  prints: "text",
  options: [
    {
      name: "follow",
      alias: "f",
      kind: "flag",
      describe: "go on as more happens; with a run, until its end, then with its exit code",
    },
    {
      name: "since",
      kind: "value",
      placeholder: "time",
      describe: "only what happened since: 10m, 2h, 3d, or an instant such as 2026-11-21T09:00Z",
      default: "today; with a run, its beginning",
    },
    {
      name: "after-seq",
      kind: "value",
      placeholder: "n",
      describe: "only the run's events with a higher seq than this",
    },
    { name: "agent", kind: "value", placeholder: "agent", describe: "only runs of this agent" },
    { name: "json", kind: "flag", describe: "one event a line, as it is stored (NDJSON)" },
    ...commonOptions,
  ],
  examples: [
    ["delegate logs -f", "everything, as it happens"],
    ["delegate logs <runId> -f --json --after-seq 7", "one run, on from the eighth event"],
  ],
  read: readLogs,
};

function readLogs(reader: Reader): Command {
  const { args } = reader;
  const runId = args.positionals.length === 0 ? null : reader.only("a run id");
  const afterSeq = reader.wholeNumber("after-seq");
  if (afterSeq !== null && runId === null)
    reader.refuse(
      "--after-seq needs a run: each has numbers of its own",
      "name the run, or use --since",
    );
  return {
    ...reader.common(),
    name: "logs",
    runId,
    isFollowing: args.isOn("follow"),
    afterSeq,
    agent: args.value("agent"),
    since: reader.since("since"),
    isJson: args.isOn("json"),
  };
}

/** `delegate watch [runId…]`. */
export const watchGrammar: CommandGrammar = {
  name: "watch",
  usage: "[runId…]",
  describe:
    "Watch runs live, one line each: those named until they have ended, or all in flight until Ctrl-C.",
  prints: "text",
  options: [
    {
      name: "exit-status",
      kind: "flag",
      describe: "end with the exit code of the run that failed first; 0 if none did",
    },
    ...commonOptions.map(inPlainLines),
  ],
  read: (reader) => ({
    ...reader.common(),
    name: "watch",
    runIds: [...new Set(reader.args.positionals)],
    hasExitStatus: reader.args.isOn("exit-status"),
    isPlain: !reader.args.isOn("color", true),
  }),
};

/** The same options for a view that is live on a terminal. */
export function inPlainLines(option: OptionSpec): OptionSpec {
  return option.name === "color"
    ? {
        name: option.name,
        kind: option.kind,
        describe: "a line for each change in place of the live view, as with $NO_COLOR",
      }
    : option;
}
