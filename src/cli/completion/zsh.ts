import { shellQuote } from "../../text/shell-quote.ts";
import type { CommandGrammar } from "../grammar/grammar.ts";
import type { OptionSpec } from "../command-line/option-spec.ts";
import { shownName, takesValue } from "../command-line/option-spec.ts";
import {
  allCommands,
  commandWords,
  dynamicWordsOf,
  listings,
  shownOptions,
  verbsOf,
} from "./words.ts";

/** The script for zsh. */
export function zshCompletion(): string {
  const dynamic = Object.entries(listings).map(
    ([name, list]) => `    ${name}) choices+=(\${(f)"$(${list})"}) ;;`,
  );
  return `#compdef delegate
# delegate completion for zsh; put it into a folder of $fpath as _delegate, or: source <(delegate completion zsh)
_delegate() {
  local -a options choices
  local dynamic command="$words[2]"
  if (( CURRENT == 2 )); then
    choices=(${commandWords.join(" ")} \${(f)"$(${listings.agents})"})
    compadd -a choices
    return
  fi
  if (( CURRENT > 3 )); then command="$command $words[3]"; fi
  case "$command" in
${allCommands.map(caseOf).join("\n")}
  esac
  # The first word chooses what the command does, those after it are what it does it with.
  if (( $#choices )); then
    if (( CURRENT == 3 )); then dynamic=""; else choices=(); fi
  fi
  case "$dynamic" in
${dynamic.join("\n")}
  esac
  _arguments -s $options "*:word:($choices)"
}
# Autoloaded from a folder of $fpath, this file runs as the function's first call.
if [ "$funcstack[1]" = _delegate ]; then _delegate "$@"; else compdef _delegate delegate; fi
`;
}

function caseOf(command: CommandGrammar): string {
  const options = shownOptions(command).map(describeOption).map(shellQuote).join(" ");
  const choices = verbsOf(command).join(" ");
  const dynamic = dynamicWordsOf(command) ?? "";
  return `    ${patternOf(command)}) options=(${options}); choices=(${choices}); dynamic="${dynamic}" ;;`;
}

function patternOf({ name }: CommandGrammar): string {
  if (name === "") return "*";
  return name.includes(" ") ? `"${name}"` : `${name}|"${name} "*`;
}

function describeOption(option: OptionSpec): string {
  const values = option.choices === undefined ? "_files" : `(${option.choices.join(" ")})`;
  const describe = option.describe.replaceAll(/[[\]:]/g, " ");
  return `--${shownName(option)}${takesValue(option) ? "=" : ""}[${describe}]${takesValue(option) ? `:value:${values}` : ""}`;
}
