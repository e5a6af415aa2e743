import type { GraphFormat } from "../../flows/graph/draw-graph.ts";
import { commonOptions, jsonOption } from "./common.ts";
import type { CommandGrammar } from "./grammar.ts";

const graphFormats: readonly GraphFormat[] = ["ascii", "mermaid", "dot"];

/** `delegate flow files`. */
export const flowFilesGrammar: CommandGrammar = {
  name: "flow files",
  usage: "",
  describe: "List the flows that can be run by their names: your own, and those built in.",
  prints: "document",
  options: [jsonOption, ...commonOptions],
  read: (reader) => {
    reader.none();
    return {
      ...reader.common(),
      name: "flow",
      action: "files",
      isJson: reader.args.isOn("json"),
    };
  },
};

/** `delegate flow validate <name|file…>`. */
export const flowValidateGrammar: CommandGrammar = {
  name: "flow validate",
  usage: "<name|file…>",
  describe:
    "Tell all that is wrong with flows, with line and column; exit 2 if anything is. With a config, also whether its agents can take their roles.",
  prints: "document",
  options: [jsonOption, ...commonOptions],
  read: (reader) => {
    reader.first("the name or file of a flow");
    return {
      ...reader.common(),
      name: "flow",
      action: "validate",
      files: reader.args.positionals,
      isJson: reader.args.isOn("json"),
    };
  },
};

/** `delegate flow graph <name|file|id>`. */
export const flowGraphGrammar: CommandGrammar = {
  name: "flow graph",
  usage: "<name|file|id>",
  describe: "Draw a flow; of a flow run, with how each step stands.",
  prints: "text",
  options: [
    {
      name: "format",
      kind: "value",
      placeholder: graphFormats.join("|"),
      choices: graphFormats,
      describe: "ascii for a terminal; mermaid and dot are drawn by other tools",
      default: "ascii",
    },
    ...commonOptions,
  ],
  examples: [["delegate flow graph build --format mermaid", "for a README"]],
  read: (reader) => ({
    ...reader.common(),
    name: "flow",
    action: "graph",
    subject: reader.only("the name or file of a flow, or the id of a flow run"),
    format: graphFormats.find((format) => format === reader.args.value("format")) ?? "ascii",
  }),
};
