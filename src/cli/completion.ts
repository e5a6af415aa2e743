import { unreachable } from "../unreachable.ts";
import type { CompletionShell } from "./command.ts";
import { delegateGrammar } from "./grammar/delegate.ts";
import { commandGrammars } from "./grammar/table.ts";
import type { CommandSpec, OptionSpec } from "./option-spec.ts";
import { shownName, takesValue } from "./option-spec.ts";

/** The script that teaches a shell the commands and options; agents' names are asked for as they are needed. */
export function completionScript(shell: CompletionShell): string {
  switch (shell) {
    case "bash":
      return bash();
    case "zsh":
      return zsh();
    case "fish":
      return fish();
    default:
      return unreachable(shell);
  }
}

/** A shell line that lists the names of the config's agents. */
const listAgents =
  'delegate agents --no-health --json 2>/dev/null | sed -n \'s/^ *"name": "\\(.*\\)",$/\\1/p\'';
const listRuns =
  'delegate list --json --limit 20 2>/dev/null | sed -n \'s/^ *"runId": "\\(.*\\)",$/\\1/p\'';

function bash(): string {
  const cases = [...commandGrammars, delegateGrammar].map((spec) => {
    const pattern = spec.name === "" ? "*" : spec.name;
    return `    ${pattern}) options="${flags(spec).join(" ")}"; words="${verbs(spec).join(" ")}"; dynamic="${dynamicOf(spec)}" ;;`;
  });
  return `# delegate completion for bash; put it into ~/.bashrc: source <(delegate completion bash)
_delegate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" options words dynamic
  if [ "$COMP_CWORD" -eq 1 ] && [[ "$current" != -* ]]; then
    COMPREPLY=($(compgen -W "${commandNames().join(" ")} $(${listAgents})" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$dynamic" in
    runs) words="$words $(${listRuns})" ;;
    agents) words="$words $(${listAgents})" ;;
  esac
  if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  else COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o default -F _delegate delegate
`;
}

function zsh(): string {
  const cases = [...commandGrammars, delegateGrammar].map((spec) => {
    const pattern = spec.name === "" ? "*" : spec.name;
    const specs = shownOptions(spec).map(zshOption).map(zshQuote);
    return `    ${pattern}) options=(${specs.join(" ")}); choices=(${verbs(spec).join(" ")}); dynamic="${dynamicOf(spec)}" ;;`;
  });
  return `#compdef delegate
# delegate completion for zsh; put it into a folder of $fpath as _delegate, or: source <(delegate completion zsh)
_delegate() {
  local -a options choices
  local dynamic
  if (( CURRENT == 2 )); then
    choices=(${commandNames().join(" ")} \${(f)"$(${listAgents})"})
    compadd -a choices
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
  case "$dynamic" in
    runs) choices+=(\${(f)"$(${listRuns})"}) ;;
    agents) choices+=(\${(f)"$(${listAgents})"}) ;;
  esac
  _arguments -s $options "*:word:($choices)"
}
# Autoloaded from a folder of $fpath, this file runs as the function's first call.
if [ "$funcstack[1]" = _delegate ]; then _delegate "$@"; else compdef _delegate delegate; fi
`;
}

function fish(): string {
  const lines = [
    "# delegate completion for fish; put it into ~/.config/fish/completions/delegate.fish",
    "complete -c delegate -f",
    `complete -c delegate -n __fish_use_subcommand -a ${fishQuote(`(${listAgents})`)} -d agent`,
  ];
  for (const spec of commandGrammars) {
    lines.push(
      `complete -c delegate -n __fish_use_subcommand -a ${spec.name} -d ${fishQuote(spec.describe)}`,
    );
    const condition = `'__fish_seen_subcommand_from ${spec.name}'`;
    for (const verb of verbs(spec)) lines.push(`complete -c delegate -n ${condition} -a ${verb}`);
    const dynamic = dynamicOf(spec);
    if (dynamic !== "") {
      const source = dynamic === "runs" ? listRuns : listAgents;
      lines.push(`complete -c delegate -n ${condition} -a ${fishQuote(`(${source})`)}`);
    }
    for (const option of shownOptions(spec)) lines.push(fishOption(condition, option));
  }
  const condition = `'not __fish_seen_subcommand_from ${commandNames().join(" ")}'`;
  for (const option of shownOptions(delegateGrammar)) lines.push(fishOption(condition, option));
  return `${lines.join("\n")}\n`;
}

function fishOption(condition: string, option: OptionSpec): string {
  const values = option.choices === undefined ? "" : ` -a ${fishQuote(option.choices.join(" "))}`;
  const value = takesValue(option)
    ? option.choices === undefined
      ? " -r -F"
      : ` -r${values}`
    : "";
  const short =
    option.alias !== undefined && option.alias.length === 1 ? ` -s ${option.alias}` : "";
  return `complete -c delegate -n ${condition} -l ${shownName(option)}${short}${value} -d ${fishQuote(option.describe)}`;
}

function zshOption(option: OptionSpec): string {
  const values = option.choices === undefined ? "_files" : `(${option.choices.join(" ")})`;
  const describe = option.describe.replaceAll(/[[\]:]/g, " ");
  return `--${shownName(option)}${takesValue(option) ? "=" : ""}[${describe}]${takesValue(option) ? `:value:${values}` : ""}`;
}

function commandNames(): readonly string[] {
  return commandGrammars.map(({ name }) => name);
}

function flags(spec: CommandSpec): readonly string[] {
  return shownOptions(spec).map((option) => `--${shownName(option)}`);
}

function shownOptions({ options }: CommandSpec): readonly OptionSpec[] {
  return options.filter(({ isHidden }) => isHidden !== true);
}

/** The words that a command takes from a fixed list. */
function verbs({ usage }: CommandSpec): readonly string[] {
  const [first = ""] = usage.split(" ");
  return /^[<[]|^$/.test(first) ? [] : first.split("|");
}

function dynamicOf({ name }: CommandSpec): "runs" | "agents" | "" {
  if (["wait", "show", "logs", "watch", "cancel"].includes(name)) return "runs";
  return name === "acl" ? "agents" : "";
}

function zshQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function fishQuote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
