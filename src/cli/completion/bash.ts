import type { CommandGrammar } from "../grammar/grammar.ts";
import { shownName, takesValue } from "../command-line/option-spec.ts";
import {
  allCommands,
  commandWords,
  dynamicWordsOf,
  flagsOf,
  listings,
  shownOptions,
  verbsOf,
} from "./words.ts";

/** The script for bash. */
export function bashCompletion(): string {
  const dynamic = Object.entries(listings).map(
    ([name, list]) => `    ${name}) words="$words $(${list})" ;;`,
  );
  return `# delegate completion for bash; put it into ~/.bashrc: source <(delegate completion bash)
_delegate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" options values value words dynamic
  if [ "$current" = "=" ]; then current=""
  elif [ "$before" = "=" ]; then before="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$COMP_CWORD" -eq 1 ] && [[ "$current" != -* ]]; then
    COMPREPLY=($(compgen -W "${commandWords.join(" ")} $(${listings.agents})" -- "$current"))
    return
  fi
  if [ "$COMP_CWORD" -gt 2 ]; then command="$command \${COMP_WORDS[2]}"; fi
  case "$command" in
${allCommands.map(caseOf).join("\n")}
  esac
  while IFS= read -r -d ";" value; do
    if [ "\${value%%:*}" = "$before" ]; then
      COMPREPLY=($(compgen -W "\${value#*:}" -- "$current"))
      return
    fi
  done <<< "$values"
  # The first word chooses what the command does, those after it are what it does it with.
  if [ -n "$words" ]; then
    if [ "$COMP_CWORD" -eq 2 ]; then dynamic=""; else words=""; fi
  fi
  case "$dynamic" in
${dynamic.join("\n")}
  esac
  if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  else COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o default -F _delegate delegate
`;
}

function caseOf(command: CommandGrammar): string {
  const options = flagsOf(command).join(" ");
  const values = valuesOf(command);
  const words = verbsOf(command).join(" ");
  const dynamic = dynamicWordsOf(command) ?? "";
  return `    ${patternOf(command)}) options="${options}"; values="${values}"; words="${words}"; dynamic="${dynamic}" ;;`;
}

/** Each option that takes a value, with those that it may have; where that is anything, bash offers files. */
function valuesOf(command: CommandGrammar): string {
  return shownOptions(command)
    .filter(takesValue)
    .map((option) => `--${shownName(option)}:${(option.choices ?? []).join(" ")};`)
    .join("");
}

function patternOf({ name }: CommandGrammar): string {
  if (name === "") return "*";
  return name.includes(" ") ? `"${name}"` : `${name}|"${name} "*`;
}
