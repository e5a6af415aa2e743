/** One option of the command line, as parsed, explained and completed. */
export interface OptionSpec {
  readonly name: string;
  readonly alias?: string;
  /** A flag; a flag that is on until `--no-<name>`; one value; or a value that may be given several times. */
  readonly kind: "flag" | "negatable" | "value" | "list";
  /** What stands for the value in the help. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  /** What it does; of a negatable flag, what its `--no-` form does. */
  readonly describe: string;
  /** What counts when it is not given, in words. */
  readonly default?: string;
  /** The heading in the help under which it stands; with the others of the command when it has none. */
  readonly group?: string;
  /** The verbs of the command that take it; all of them when this is not said. */
  readonly verbs?: readonly string[];
  /** Taken, but without effect on this command, so that it is worth no line in its help. */
  readonly isHidden?: true;
}

/** One of several things that a command does, chosen by its second word. */
export interface VerbSpec {
  readonly name: string;
  /** Its positional arguments as the help shows them. */
  readonly usage: string;
  readonly describe: string;
}

/** The options of one command, and what it takes besides them. */
export interface CommandSpec {
  readonly name: string;
  /** The positional arguments as the help shows them. */
  readonly usage: string;
  readonly describe: string;
  /** What it prints: an outcome, which is JSON unless `--format text`; what is JSON with `--json`; or never one document. */
  readonly prints: "outcome" | "document" | "text";
  readonly verbs?: readonly VerbSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
}

/** The name with which an option is shown: of a flag that is on anyway, the one that turns it off. */
export function shownName({ name, kind }: OptionSpec): string {
  return kind === "negatable" ? `no-${name}` : name;
}

/** Whether the word behind an option belongs to it. */
export function takesValue({ kind }: OptionSpec): boolean {
  return kind === "value" || kind === "list";
}
