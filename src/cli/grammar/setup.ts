import type { CompletionShell, GatewayAction } from "../command.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import { commonOptions, configlessOptions, jsonOption } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

/** `delegate init`. */
export const initGrammar: CommandGrammar = {
  name: "init",
  usage: "",
  describe: "Write a delegate.config.json to start from; never overwrites.",
  prints: "text",
  options: commonOptions.map(asTarget),
  read: (reader) => {
    reader.none();
    return { ...reader.common(), name: "init" };
  },
};

function asTarget(option: OptionSpec): OptionSpec {
  return option.name === "config"
    ? { ...option, describe: "where to write it", default: "delegate.config.json, here" }
    : option;
}

/** `delegate gateway start|status|stop|run`. */
export const gatewayGrammar: CommandGrammar = {
  name: "gateway",
  usage: "start|status|stop|run",
  describe:
    "The local gateway, which runs agents that are commands; it starts by itself when needed.",
  prints: "document",
  verbs: [
    { name: "start", usage: "", describe: "start it in the background, unless it is there" },
    { name: "status", usage: "", describe: "tell whether it is there; exit 1 if it is not" },
    { name: "stop", usage: "", describe: "end it, and the commands that it runs" },
    { name: "run", usage: "", describe: "be it, in the foreground" },
  ],
  options: [jsonOption, ...commonOptions],
  read: (reader) => ({
    ...reader.common(),
    name: "gateway",
    action: reader.choice<GatewayAction>("start", "status", "stop", "run"),
    isJson: reader.args.isOn("json"),
  }),
};

/** `delegate completion bash|zsh|fish`. */
export const completionGrammar: CommandGrammar = {
  name: "completion",
  usage: "bash|zsh|fish",
  describe: "Print the completion script for a shell.",
  prints: "text",
  options: configlessOptions,
  examples: [["source <(delegate completion bash)", "in ~/.bashrc"]],
  read: (reader) => ({
    ...reader.common(),
    name: "completion",
    shell: reader.choice<CompletionShell>("bash", "zsh", "fish"),
  }),
};

/** `delegate demo`. */
export const demoGrammar: CommandGrammar = {
  name: "demo",
  usage: "",
  describe: "A tour in a temporary project: no keys, no network.",
  prints: "text",
  options: configlessOptions,
  read: (reader) => {
    reader.none();
    return { ...reader.common(), name: "demo" };
  },
};
