import { commandNames, reservedNames } from "../../command-names.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";
import { nearest } from "../../text/nearest.ts";
import type { Arguments } from "./arguments.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "../command.ts";
import { indexOfFirstWord } from "./find-command.ts";
import { delegateGrammar } from "../grammar/delegate.ts";
import type { CommandDefaults, CommandGrammar } from "../grammar/grammar.ts";
import type { CommandSpec } from "./option-spec.ts";
import { Reader, UsageError } from "./reader.ts";
import { usage } from "./usage.ts";

/** A command, and what should be said about how it was written. */
export interface Parsed {
  readonly command: Command;
  readonly notes: readonly string[];
}

/** Why a command line makes no sense, and whether whoever wrote it waits for a JSON document. */
export interface Misuse {
  readonly failure: Failure;
  readonly wantsJson: boolean;
}

/** Reads a command line: argv without the program's own words. */
export async function parseCommand(
  words: readonly string[],
  defaults: CommandDefaults,
): Promise<Result<Parsed, Misuse>> {
  if (words.length === 0) return success(quiet({ name: "help", topic: "" }));
  const { name, grammar, rest } = await findGrammar(words);
  if (name === "help") return readHelp(rest);
  const { args, wrong } = parseArguments(rest, grammar);
  const refuse = (reason: Failure): Result<never, Misuse> =>
    failure({ failure: reason, wantsJson: wantsJson(args, grammar) });
  if (args.isOn("help")) return success(quiet({ name: "help", topic: grammar.name }));
  if (wrong !== null) return refuse(wrong);
  if (args.isOn("version")) return success(quiet({ name: "version" }));
  try {
    const reader = new Reader(grammar, args);
    const command = grammar.read(reader, defaults);
    return success({ command, notes: args.isOn("quiet") ? [] : reader.notes });
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.failure);
    throw error;
  }
}

interface Found {
  /** The word that chose the command; empty for a delegation. */
  readonly name: string;
  readonly grammar: CommandGrammar;
  /** All the other words. */
  readonly rest: readonly string[];
}

/** The command may stand behind options. Only a delegation is read without the table of all commands. */
async function findGrammar(words: readonly string[]): Promise<Found> {
  const delegation = { name: "", grammar: delegateGrammar, rest: words };
  if (isPlainDelegation(words)) return delegation;
  const { commandGrammars } = await import("../grammar/table.ts");
  const index = indexOfFirstWord(words, [delegateGrammar, ...commandGrammars]);
  const name = words[index] ?? "";
  const rest = words.filter((_word, at) => at !== index);
  if (name === "help") return { name, grammar: delegateGrammar, rest };
  const grammar = commandGrammars.find((one) => one.name === name);
  if (grammar === undefined || isForAgent(grammar, rest)) return delegation;
  return findSubcommand({ name, grammar, rest });
}

/** Seen at the first two words, so that it costs nothing. */
function isPlainDelegation([first = "", second = "-"]: readonly string[]): boolean {
  if (first.startsWith("-")) return false;
  return !commandNames.has(first) || !(reservedNames.has(first) || second.startsWith("-"));
}

/** The next word may choose one of several commands; where it chooses none, the first one says so. */
function findSubcommand(found: Found): Found {
  const { grammar, rest } = found;
  const { subcommands = [] } = grammar;
  if (subcommands.length === 0) return found;
  const index = indexOfFirstWord(rest, [grammar, ...subcommands]);
  const subcommand = subcommands.find(({ name }) => name === `${grammar.name} ${rest[index]}`);
  return subcommand === undefined
    ? found
    : {
        name: subcommand.name,
        grammar: subcommand,
        rest: rest.filter((_word, at) => at !== index),
      };
}

/** With a task, the name of a command that takes no words is an agent's, if agents may have it. */
function isForAgent({ name }: CommandGrammar, rest: readonly string[]): boolean {
  if (reservedNames.has(name)) return false;
  const { args } = parseArguments(rest, delegateGrammar);
  return args.positionals.length > 0 || args.isGiven("task-file");
}

async function readHelp(rest: readonly string[]): Promise<Result<Parsed, Misuse>> {
  const [command = "", verb] = rest.filter((word) => !word.startsWith("-"));
  const known = await namesOfCommands(command);
  const topic = verb === undefined || known.size === 1 ? command : `${command} ${verb}`;
  if (topic === "" || known.has(topic)) return success(quiet({ name: "help", topic }));
  const guess = nearest(topic, known.size === 0 ? commandNames : known);
  const hint = guess === null ? "delegate --help lists the commands" : `did you mean ${guess}?`;
  const message = `there is no command ${JSON.stringify(topic)}`;
  return failure({ failure: usage(delegateGrammar, message, hint), wantsJson: false });
}

/** The command and those that its next word can choose; none when there is no such command. */
async function namesOfCommands(command: string): Promise<ReadonlySet<string>> {
  if (!commandNames.has(command)) return new Set();
  const { commandGrammars } = await import("../grammar/table.ts");
  const found = commandGrammars.find(({ name }) => name === command);
  return new Set([command, ...(found?.subcommands ?? []).map(({ name }) => name)]);
}

/** Whether the output that was asked for would have been JSON, whatever else is wrong with the command line. */
function wantsJson(args: Arguments, { prints }: CommandSpec): boolean {
  switch (prints) {
    case "outcome":
      return args.value("format") !== "text";
    case "document":
      return args.isOn("json");
    case "text":
      return false;
  }
}

function quiet(command: Command): Parsed {
  return { command, notes: [] };
}
