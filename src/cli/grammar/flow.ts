import { didYouMean } from "../../text/nearest.ts";
import type { Reader } from "../command-line/reader.ts";
import { configlessOptions } from "./common.ts";
import {
  flowAnswerGrammar,
  flowApproveGrammar,
  flowCancelGrammar,
  flowRejectGrammar,
  flowResumeGrammar,
  flowRetryGrammar,
} from "./flow-decide.ts";
import { flowFilesGrammar, flowGraphGrammar, flowValidateGrammar } from "./flow-files.ts";
import {
  flowExportGrammar,
  flowListGrammar,
  flowLogsGrammar,
  flowPruneGrammar,
  flowShowGrammar,
  flowWatchGrammar,
} from "./flow-look.ts";
import { flowRunGrammar, flowWaitGrammar } from "./flow-run.ts";
import type { CommandGrammar } from "./grammar.ts";

const subcommands: readonly CommandGrammar[] = [
  flowRunGrammar,
  flowWaitGrammar,
  flowListGrammar,
  flowShowGrammar,
  flowLogsGrammar,
  flowWatchGrammar,
  flowApproveGrammar,
  flowRejectGrammar,
  flowAnswerGrammar,
  flowCancelGrammar,
  flowResumeGrammar,
  flowRetryGrammar,
  flowExportGrammar,
  flowPruneGrammar,
  flowFilesGrammar,
  flowValidateGrammar,
  flowGraphGrammar,
];

/** `delegate flow …`. */
export const flowGrammar: CommandGrammar = {
  name: "flow",
  usage: "run|list|show|…",
  describe: "Flows: several delegations and commands with an order, that survive anything.",
  prints: "text",
  subcommands,
  options: configlessOptions,
  examples: [
    ["delegate flow files", "the flows that are there"],
    ['delegate flow run build --input task="…"', "one of them, to its end"],
    ["delegate flow run --help", "all about one of these commands"],
  ],
  read: refuseVerb,
};

/** Only reached when no word behind `flow` is one of its commands. */
function refuseVerb(reader: Reader): never {
  const verbs = subcommands.map(({ name }) => name.slice("flow ".length));
  const [word] = reader.args.positionals;
  if (word === undefined) return reader.refuse("what to do with flows is missing");
  return reader.refuse(`${JSON.stringify(word)} is not known here${didYouMean(word, verbs)}`);
}
