import parser from "yargs-parser";
import type { Failure, Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { nearest } from "../nearest.ts";
import type { CommandSpec, OptionSpec } from "./options.ts";

/** A command line taken apart: positional words, and options by name. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(positionals: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.positionals = positionals;
    this.#values = values;
  }

  /** Whether a flag was given; a negatable one counts as given until `--no-<name>`. */
  isOn(name: string, isOnByDefault = false): boolean {
    const value = last(this.#values[name]);
    return value === undefined ? isOnByDefault : value === true;
  }

  /** Whether an option was given at all. */
  isGiven(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** The value of an option, the last one if it was given several times; null when it was not. */
  value(name: string): string | null {
    const value = last(this.#values[name]);
    return typeof value === "string" ? value : null;
  }

  /** All values of an option. */
  values(name: string): readonly string[] {
    const value = this.#values[name];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.filter((one) => typeof one === "string");
  }
}

/** Takes a command line apart, and finds what the command does not know. */
export function parseArguments(words: readonly string[], spec: CommandSpec): Result<Arguments> {
  const { _: positionals, ...values } = parser(words.map(shield), {
    string: namesOf(spec, "value", "list"),
    boolean: namesOf(spec, "flag", "negatable"),
    alias: aliasesOf(spec),
    configuration: {
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-positional-numbers": false,
      "strip-aliased": true,
      "duplicate-arguments-array": true,
    },
  });
  const given = splitNegations(unshieldAll(values), spec);
  const wrong = findWrongOption(given, spec);
  return wrong === null ? success(new Arguments(positionals.map(unshield), given)) : failure(wrong);
}

/** No argument of a process can hold this character. */
const SHIELD = "\0";

/**
 * Keeps a word that is no option just as it is: the parser would take quotes away, and read a lone dash, a list with
 * dashes or the word "true" as something else.
 */
function shield(word: string): string {
  return word.length > 1 && /^-[^\s=]*(?:=|$)/.test(word) ? word : `${SHIELD}${word}`;
}

function unshield(word: unknown): string {
  const text = String(word);
  return text.startsWith(SHIELD) ? text.slice(1) : text;
}

function unshieldAll(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(restore) : restore(value),
    ]),
  );
}

/** The parser takes `--no-x` for an x that is off, also where it is an option of its own beside an x with values. */
function splitNegations(
  values: Record<string, unknown>,
  { options }: CommandSpec,
): Record<string, unknown> {
  const split = { ...values };
  for (const { name: negation } of options.filter(({ name }) => name.startsWith("no-"))) {
    const name = negation.slice("no-".length);
    const given = [values[name]].flat();
    if (!given.includes(false)) continue;
    const rest = given.filter((one) => one !== false);
    split[negation] = true;
    if (rest.length === 0) delete split[name];
    else split[name] = rest;
  }
  return split;
}

function restore(value: unknown): unknown {
  return typeof value === "string" ? unshield(value) : value;
}

/** A failure of usage, with the command whose help tells more. */
export function usage(spec: CommandSpec, message: string, hint?: string): Failure {
  const command = spec.name === "" ? "delegate" : `delegate ${spec.name}`;
  return {
    code: "usage",
    message,
    hint: hint ?? `${command} --help tells what it takes`,
  };
}

function findWrongOption(values: Record<string, unknown>, spec: CommandSpec): Failure | null {
  for (const [name, value] of Object.entries(values)) {
    const option = spec.options.find((one) => one.name === name);
    if (option === undefined) return unknownOption(name, spec);
    const given: readonly unknown[] = Array.isArray(value) ? value : [value];
    const wrong = given.map((one) => findWrongValue(one, option, spec));
    const first = wrong.find((failed) => failed !== null);
    if (first !== undefined) return first;
  }
  return null;
}

function findWrongValue(given: unknown, option: OptionSpec, spec: CommandSpec): Failure | null {
  const { name, kind, choices } = option;
  if (given === false && kind === "flag")
    return usage(spec, `--${name} takes no value, and there is no --no-${name}`);
  if (given === false && kind !== "negatable") return unknownOption(`no-${name}`, spec);
  if (given === "") return usage(spec, `--${name} needs a value`);
  if (choices === undefined || typeof given !== "string" || choices.includes(given)) return null;
  const guess = nearest(given, choices);
  const hint = guess === null ? `use ${choices.join(", ")}` : `did you mean ${guess}?`;
  return usage(spec, `--${name} can't be ${JSON.stringify(given)}`, hint);
}

function unknownOption(name: string, spec: CommandSpec): Failure {
  const known = spec.options.flatMap((option) => spellings(option));
  if (known.includes(name)) return usage(spec, `--${name} takes no value`);
  const guess = nearest(name, known);
  const dashes = name.length === 1 ? "-" : "--";
  const hint =
    guess === null
      ? spec.name === ""
        ? "delegate --help tells what it takes; a task that begins with a dash needs -- before it"
        : undefined
      : `did you mean --${guess}?`;
  return usage(spec, `unknown option ${dashes}${name}`, hint);
}

/** All the ways to write an option, without dashes. */
function spellings({ name, alias, kind }: OptionSpec): readonly string[] {
  const long = alias !== undefined && alias.length > 1 ? [alias] : [];
  return kind === "negatable" ? [name, `no-${name}`, ...long] : [name, ...long];
}

function namesOf(spec: CommandSpec, ...kinds: readonly OptionSpec["kind"][]): string[] {
  return spec.options.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
}

function aliasesOf(spec: CommandSpec): Record<string, string[]> {
  const pairs = spec.options.flatMap(({ name, alias }) =>
    alias === undefined ? [] : [[name, [alias]] satisfies [string, string[]]],
  );
  return Object.fromEntries(pairs);
}

function last(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}
