import type { OptionSpec } from "../command-line/option-spec.ts";
import { runOptions } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

/** A worker has no run of its own to tell of. */
function asOfSteps(option: OptionSpec): OptionSpec {
  return option.name === "verbose"
    ? { ...option, describe: "tell on stderr when a step begins, and how it ended" }
    : option;
}

/** `delegate worker`. */
export const workerGrammar: CommandGrammar = {
  name: "worker",
  usage: "",
  describe:
    "Carry out flows for others until told to leave. There may be several, on one machine or many.",
  prints: "text",
  options: [
    {
      name: "idle-timeout",
      kind: "value",
      placeholder: "sec",
      describe: "leave after so long without anything to do",
      default: "stay",
    },
    {
      name: "limit",
      kind: "value",
      placeholder: "n",
      describe: "at most so many steps at once",
      default: "flows.limits.steps in the config",
    },
    ...runOptions.map(asOfSteps),
  ],
  read: (reader) => {
    reader.none();
    return {
      ...reader.common(),
      name: "worker",
      idleMs: reader.milliseconds("idle-timeout"),
      limit: reader.count("limit"),
    };
  },
};
