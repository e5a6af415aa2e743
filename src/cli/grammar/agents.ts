import { documentOptions } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

/** `delegate agents`. */
export const agentsGrammar: CommandGrammar = {
  name: "agents",
  usage: "",
  describe: "List the agents: name, address, health, who may call them.",
  prints: "document",
  options: [
    { name: "health", kind: "negatable", describe: "don't ask the gateways for their health" },
    ...documentOptions,
  ],
  read: (reader) => {
    reader.none();
    return {
      ...reader.document(),
      name: "agents",
      asksHealth: reader.args.isOn("health", true),
    };
  },
};

/** `delegate acl explain <caller> <target>`. */
export const aclGrammar: CommandGrammar = {
  name: "acl",
  usage: "explain <caller> <target>",
  describe: "Tell whether the caller may delegate to the target, and which rule says so.",
  prints: "document",
  options: [...documentOptions],
  read: (reader) => {
    reader.verb("explain");
    const [caller = "", target = ""] = reader.wordsBehindVerb("a caller", "a target");
    return { ...reader.document(), name: "acl", caller, target };
  },
};

/** `delegate doctor`. */
export const doctorGrammar: CommandGrammar = {
  name: "doctor",
  usage: "",
  describe:
    "Check config, folders and every agent, without starting an agent run; exit 1 if anything fails.",
  prints: "document",
  options: [...documentOptions],
  read: (reader) => {
    reader.none();
    return { ...reader.document(), name: "doctor" };
  },
};
