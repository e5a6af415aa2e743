import { commonOptions, jsonOption } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

/** `delegate agents`. */
export const agentsGrammar: CommandGrammar = {
  name: "agents",
  usage: "",
  describe: "List the agents: name, address, health, who may call them.",
  prints: "document",
  options: [
    { name: "health", kind: "negatable", describe: "don't ask the gateways for their health" },
    jsonOption,
    ...commonOptions,
  ],
  read: (reader) => {
    reader.none();
    return {
      ...reader.common(),
      name: "agents",
      asksHealth: reader.args.isOn("health", true),
      isJson: reader.args.isOn("json"),
    };
  },
};

/** `delegate acl explain <caller> <target>`. */
export const aclGrammar: CommandGrammar = {
  name: "acl",
  usage: "explain <caller> <target>",
  describe: "Tell whether the caller may delegate to the target, and which rule says so.",
  prints: "document",
  options: [jsonOption, ...commonOptions],
  read: (reader) => {
    reader.verb("explain");
    const [caller = "", target = ""] = reader.wordsBehindVerb("a caller", "a target");
    return { ...reader.common(), name: "acl", caller, target, isJson: reader.args.isOn("json") };
  },
};

/** `delegate doctor`. */
export const doctorGrammar: CommandGrammar = {
  name: "doctor",
  usage: "",
  describe:
    "Check config, folders and every agent, without starting an agent run; exit 1 if anything fails.",
  prints: "document",
  options: [jsonOption, ...commonOptions],
  read: (reader) => {
    reader.none();
    return { ...reader.common(), name: "doctor", isJson: reader.args.isOn("json") };
  },
};
