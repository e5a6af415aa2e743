import type { Command } from "../command.ts";
import { delegateGrammar } from "../grammar/delegate.ts";
import { commandGrammars } from "../grammar/table.ts";
import { helpText } from "../help/help-text.ts";
import type { Shell } from "../shell.ts";
import { columnsFor } from "../terminal/columns-for.ts";

const COLUMNS_OFF_TERMINAL = 80;
/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;

/** `--help`, for the whole program or one command, as wide as the terminal allows. */
export async function runHelp(command: Command & { name: "help" }, shell: Shell): Promise<number> {
  const spec = commandGrammars
    .flatMap((grammar) => [grammar, ...(grammar.subcommands ?? [])])
    .find(({ name }) => name === command.topic);
  const columns = Math.min(
    await columnsFor(shell),
    shell.stdout.isTerminal ? MOST_COLUMNS : COLUMNS_OFF_TERMINAL,
  );
  const text =
    spec === undefined
      ? helpText(delegateGrammar, commandGrammars, columns)
      : helpText(spec, spec.subcommands ?? [], columns);
  shell.stdout.write(`${text}\n`);
  return 0;
}
