import type { Failure } from "../../failure.ts";
import { nearest } from "../../text/nearest.ts";
import type { CommandSpec, OptionSpec } from "./option-spec.ts";
import { orCommand, usage } from "./usage.ts";

/** What a command does not take of the options that were given, or null. */
export function findWrongOption(
  values: Readonly<Record<string, unknown>>,
  spec: CommandSpec,
  firstWord: string | undefined,
): Failure | null {
  for (const [name, value] of Object.entries(values)) {
    const option = spec.options.find((one) => one.name === name);
    const given: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (option === undefined)
      return unknownOption(given.at(-1) === false ? `no-${name}` : name, spec, firstWord);
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

function unknownOption(name: string, spec: CommandSpec, firstWord?: string): Failure {
  const known = spec.options.filter(({ isHidden }) => isHidden !== true).flatMap(spellings);
  if (spec.options.flatMap(spellings).includes(name))
    return usage(spec, `--${name} takes no value`);
  const guess = nearest(name, known) ?? beginningOf(name, known);
  const dashes = name.length === 1 ? "-" : "--";
  const hint =
    guess === null
      ? spec.name === ""
        ? "delegate --help tells what it takes; a task that begins with a dash needs -- before it"
        : undefined
      : `did you mean --${guess}?`;
  const isDelegation = spec.name === "" && hint !== undefined;
  return usage(
    spec,
    `unknown option ${dashes}${name}`,
    isDelegation ? orCommand(hint, firstWord) : hint,
  );
}

/** The only name that begins so: some programs let their options be cut off. */
function beginningOf(name: string, known: readonly string[]): string | null {
  const [only, ...more] = name.length < 3 ? [] : known.filter((one) => one.startsWith(name));
  return only === undefined || more.length > 0 ? null : only;
}

/** All the ways to write an option, without dashes. */
function spellings({ name, alias, kind }: OptionSpec): readonly string[] {
  const long = alias !== undefined && alias.length > 1 ? [alias] : [];
  return kind === "negatable" ? [name, `no-${name}`, ...long] : [name, ...long];
}
