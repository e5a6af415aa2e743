import type { CommandSpec, OptionSpec, VerbSpec } from "../command-line/option-spec.ts";
import { shownName } from "../command-line/option-spec.ts";
import type { Row } from "./lay-out.ts";
import { labelCellsFor, layOutRows, layOutWords, wrap } from "./lay-out.ts";

/** The help of a command, no wider than so many columns; the main one also lists all the others. */
export function helpText(
  spec: CommandSpec,
  others: readonly CommandSpec[],
  columns: number,
): string {
  const parts: readonly (readonly string[])[] = [
    ["Usage:", ...usageOf(spec).flatMap((usage) => layOutWords(usage, columns))],
    wrap(spec.describe, columns),
    table("What it does:", (spec.verbs ?? []).map(verbRow), columns),
    ...optionTables(spec, columns),
    examples(spec, columns),
    table("Commands:", others.map(commandRow), columns),
    others.length === 0 ? [] : table("Exit codes:", exitCodes, columns),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n");
}

function usageOf({ name, usage, verbs }: CommandSpec): readonly string[] {
  const line = (...words: readonly string[]): string =>
    ["delegate", name, ...words, "[options]"].filter((word) => word !== "").join(" ");
  return verbs === undefined ? [line(usage)] : verbs.map((verb) => line(verb.name, verb.usage));
}

function verbRow({ name, usage, describe }: VerbSpec): Row {
  return [`${name} ${usage}`.trimEnd(), describe];
}

function commandRow({ name, usage, describe }: CommandSpec): Row {
  const [sentence = ""] = describe.split(/(?<=\.) /);
  return [`${name} ${usage}`.trimEnd(), sentence];
}

/** The options under their headings, those of every command last; all explanations stand below each other. */
function optionTables({ options }: CommandSpec, columns: number): readonly (readonly string[])[] {
  const shown = options.filter(({ isHidden }) => isHidden !== true);
  const labelCells = labelCellsFor(shown.map(optionRow), columns);
  const groups = [...new Set(shown.map(({ group }) => group))];
  const otherwise = groups.length > 1 ? "Other options" : "Options";
  return groups.map((group) => [
    `${group ?? otherwise}:`,
    ...layOutRows(
      shown.filter((option) => option.group === group).map(optionRow),
      columns,
      labelCells,
    ),
  ]);
}

function optionRow(option: OptionSpec): Row {
  const { alias, placeholder, describe } = option;
  const isShort = alias !== undefined && alias.length === 1;
  const short = isShort ? `-${alias}, ` : "    ";
  const long = alias === undefined || isShort ? "" : `, --${alias}`;
  const value = placeholder === undefined ? "" : ` <${placeholder}>`;
  const otherwise = option.default === undefined ? "" : ` (default: ${option.default})`;
  return [`${short}--${shownName(option)}${long}${value}`, `${describe}${otherwise}`];
}

function examples({ examples: given = [] }: CommandSpec, columns: number): readonly string[] {
  if (given.length === 0) return [];
  const lines = given.flatMap(([command, meaning]) => [
    ...(meaning === "" ? [] : layOutWords(`# ${meaning}`, columns)),
    ...layOutWords(command, columns),
  ]);
  return ["Examples:", ...lines];
}

function table(title: string, rows: readonly Row[], columns: number): readonly string[] {
  return rows.length === 0 ? [] : [title, ...layOutRows(rows, columns)];
}

const exitCodes: readonly Row[] = [
  ["0", "complete, partial or sent"],
  ["1", "the agent says that it failed; a step of a flow failed"],
  ["2", "the call or the config is wrong"],
  ["3", "no handoff in time; it may still come: delegate wait"],
  ["4", "not allowed"],
  ["5", "the handoff is malformed, invalid or missing"],
  ["6", "the gateway was not reached, or it refused"],
  ["7", "the agent is blocked and asks"],
  ["8", "the budget of a flow is used up"],
  ["9", "canceled"],
  ["70, 74", "a bug in delegate; the disk"],
  ["130, 143", "interrupted; the run goes on and can be waited for"],
];
