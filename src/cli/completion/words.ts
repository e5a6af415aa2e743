import { delegateGrammar } from "../grammar/delegate.ts";
import type { CommandGrammar } from "../grammar/grammar.ts";
import { commandGrammars } from "../grammar/table.ts";
import type { CommandSpec, OptionSpec } from "../command-line/option-spec.ts";
import { shownName } from "../command-line/option-spec.ts";

/** What a word can be that only the program itself knows. */
export type DynamicWords = keyof typeof listings;

/** Shell lines that list such words, one a line. */
export const listings = {
  agents: linesOf("agents --no-health --json", "name"),
  runs: linesOf("list --json --limit 20", "runId"),
  flowRuns: linesOf("flow list --json --limit 20", "flowRunId"),
  flows: linesOf("flow files --json", "name"),
  questions: linesOf("questions --open --json", "id"),
} as const;

function linesOf(command: string, key: string): string {
  return `delegate ${command} 2>/dev/null | sed -n 's/^ *"${key}": "\\(.*\\)",$/\\1/p'`;
}

/** Every command that has a name, those that are chosen by a second word first. */
export const namedCommands: readonly CommandGrammar[] = [
  ...commandGrammars.flatMap(({ subcommands = [] }) => subcommands),
  ...commandGrammars,
];

/** The same, and a delegation, which has none. */
export const allCommands: readonly CommandGrammar[] = [...namedCommands, delegateGrammar];

/** The words of a command line that are commands. */
export const commandWords: readonly string[] = commandGrammars.map(({ name }) => name);

export function flagsOf(spec: CommandSpec): readonly string[] {
  return shownOptions(spec).map((option) => `--${shownName(option)}`);
}

export function shownOptions({ options }: CommandSpec): readonly OptionSpec[] {
  return options.filter(({ isHidden }) => isHidden !== true);
}

/** The words that a command takes from a fixed list. */
export function verbsOf({ usage, name, subcommands = [] }: CommandGrammar): readonly string[] {
  if (subcommands.length > 0)
    return subcommands.map((subcommand) => subcommand.name.slice(name.length + 1));
  const [first = ""] = usage.split(" ");
  return /^[<[]|^$/.test(first) ? [] : first.split("|");
}

/** The words that a command takes and that only the program knows, or null. */
export function dynamicWordsOf({ name, usage }: CommandSpec): DynamicWords | null {
  if (["wait", "show", "logs", "watch", "cancel"].includes(name)) return "runs";
  if (name === "acl") return "agents";
  if (name === "answer" || name === "skip") return "questions";
  if (!name.startsWith("flow ")) return null;
  if (/^[<[]id/.test(usage)) return "flowRuns";
  return usage.startsWith("<name|file") ? "flows" : null;
}
