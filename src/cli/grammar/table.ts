import { aclGrammar, agentsGrammar, doctorGrammar } from "./agents.ts";
import { flowGrammar } from "./flow.ts";
import type { CommandGrammar } from "./grammar.ts";
import { handoffGrammar } from "./handoff.ts";
import { answerGrammar, questionsGrammar, skipGrammar } from "./questions.ts";
import { cancelGrammar, listGrammar, pruneGrammar, showGrammar } from "./runs.ts";
import { completionGrammar, demoGrammar, gatewayGrammar, initGrammar } from "./setup.ts";
import { waitGrammar } from "./wait.ts";
import { logsGrammar, watchGrammar } from "./watching.ts";
import { workerGrammar } from "./worker.ts";

/** Every command that has a name, in the order of the help. */
export const commandGrammars: readonly CommandGrammar[] = [
  waitGrammar,
  showGrammar,
  listGrammar,
  logsGrammar,
  watchGrammar,
  questionsGrammar,
  answerGrammar,
  skipGrammar,
  cancelGrammar,
  pruneGrammar,
  flowGrammar,
  workerGrammar,
  agentsGrammar,
  aclGrammar,
  doctorGrammar,
  handoffGrammar,
  initGrammar,
  gatewayGrammar,
  completionGrammar,
  demoGrammar,
];
