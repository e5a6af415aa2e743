import type { CommandGrammar } from "../grammar/grammar.ts";
import {
  allCommands,
  casePatternOf,
  commandWords,
  dynamicWordsOf,
  flagsOf,
  listings,
  verbsOf,
} from "./words.ts";

/** The script for bash. */
export function bashCompletion(): string {
  const dynamic = Object.entries(listings).map(
    ([name, list]) => `    ${name}) words="$words $(${list})" ;;`,
  );
  return `# delegate completion for bash; put it into ~/.bashrc: source <(delegate completion bash)
_delegate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" options words dynamic
  if [ "$COMP_CWORD" -eq 1 ] && [[ "$current" != -* ]]; then
    COMPREPLY=($(compgen -W "${commandWords.join(" ")} $(${listings.agents})" -- "$current"))
    return
  fi
  if [ "$COMP_CWORD" -gt 2 ]; then command="$command \${COMP_WORDS[2]}"; fi
  case "$command" in
${allCommands.map(caseOf).join("\n")}
  esac
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
  const words = verbsOf(command).join(" ");
  const dynamic = dynamicWordsOf(command) ?? "";
  return `    ${casePatternOf(command)}) options="${options}"; words="${words}"; dynamic="${dynamic}" ;;`;
}
