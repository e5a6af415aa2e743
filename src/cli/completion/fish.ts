import { delegateGrammar } from "../grammar/delegate.ts";
import type { CommandGrammar } from "../grammar/grammar.ts";
import { commandGrammars } from "../grammar/table.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import { shownName, takesValue } from "../command-line/option-spec.ts";
import {
  commandWords,
  dynamicWordsOf,
  listings,
  namedCommands,
  shownOptions,
  verbsOf,
} from "./words.ts";

/** The commands with more words, which must not be taken for commands of the same names. */
const groups = commandGrammars.flatMap(({ name, subcommands }) =>
  subcommands === undefined ? [] : [name],
);

/** The script for fish. */
export function fishCompletion(): string {
  const none = `'not __fish_seen_subcommand_from ${commandWords.join(" ")}'`;
  const lines = [
    "# delegate completion for fish; put it into ~/.config/fish/completions/delegate.fish",
    "complete -c delegate -f",
    `complete -c delegate -n __fish_use_subcommand -a ${quote(`(${listings.agents})`)} -d agent`,
    ...commandGrammars.map(
      ({ name, describe }) =>
        `complete -c delegate -n __fish_use_subcommand -a ${name} -d ${quote(describe)}`,
    ),
    ...namedCommands.flatMap((command) => linesOf(command, conditionOf(command))),
    ...shownOptions(delegateGrammar).map((option) => optionLine(none, option)),
  ];
  return `${lines.join("\n")}\n`;
}

/** The first word chooses what the command does, those after it are what it does it with. */
function linesOf(command: CommandGrammar, condition: string): readonly string[] {
  const dynamic = dynamicWordsOf(command);
  const verbs = verbsOf(command);
  const isChosen = `__fish_seen_subcommand_from ${verbs.join(" ")}`;
  const and = (more: string): string =>
    verbs.length === 0 ? condition : `${condition.slice(0, -1)}; and ${more}'`;
  return [
    ...verbs.map((verb) => `complete -c delegate -n ${and(`not ${isChosen}`)} -a ${verb}`),
    ...(dynamic === null
      ? []
      : [`complete -c delegate -n ${and(isChosen)} -a ${quote(`(${listings[dynamic]})`)}`]),
    ...shownOptions(command).map((option) => optionLine(condition, option)),
  ];
}

function conditionOf({ name, subcommands = [] }: CommandGrammar): string {
  const [command = "", verb] = name.split(" ");
  const seen = `__fish_seen_subcommand_from ${command}`;
  if (verb !== undefined) return `'${seen}; and __fish_seen_subcommand_from ${verb}'`;
  if (subcommands.length > 0) return `'${seen}'`;
  return `'${seen}; and not __fish_seen_subcommand_from ${groups.join(" ")}'`;
}

function optionLine(condition: string, option: OptionSpec): string {
  const { alias, choices, describe } = option;
  const values = choices === undefined ? "" : ` -a ${quote(choices.join(" "))}`;
  const value = takesValue(option) ? (choices === undefined ? " -r -F" : ` -x${values}`) : "";
  const short = alias !== undefined && alias.length === 1 ? ` -s ${alias}` : "";
  return `complete -c delegate -n ${condition} -l ${shownName(option)}${short}${value} -d ${quote(describe)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
