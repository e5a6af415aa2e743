import parser from "yargs-parser";
import type { Failure } from "../../failure.ts";
import type { CommandSpec, OptionSpec } from "./option-spec.ts";
import { findWrongOption } from "./wrong-option.ts";

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

/** A command line taken apart, and the first thing in it that the command does not know, if there is one. */
export interface TakenApart {
  readonly args: Arguments;
  readonly wrong: Failure | null;
}

/** Takes a command line apart. */
export function parseArguments(argv: readonly string[], spec: CommandSpec): TakenApart {
  const { _: positionals, ...values } = parser(argv.map(shield), {
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
  const words = positionals.map(unshield);
  return { args: new Arguments(words, given), wrong: findWrongOption(given, spec, words[0]) };
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
