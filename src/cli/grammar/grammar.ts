import type { Command } from "../command.ts";
import type { CommandSpec } from "../command-line/option-spec.ts";
import type { Reader } from "../command-line/reader.ts";

/** What the environment may say in place of options. */
export interface CommandDefaults {
  readonly caller: string | null;
  readonly parentRunId: string | null;
}

/** One command of the command line: what it takes, and how that is read. */
export interface CommandGrammar extends CommandSpec {
  /** Commands that are chosen by the next word; their names begin with this one's. */
  readonly subcommands?: readonly CommandGrammar[];
  /** Throws a `UsageError` at the first argument that is wrong. */
  readonly read: (reader: Reader, defaults: CommandDefaults) => Command;
}
