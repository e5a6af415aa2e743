import { describe, expect, test } from "vitest";
import { delegateGrammar } from "../../src/cli/grammar/delegate.ts";
import { flowRunGrammar } from "../../src/cli/grammar/flow-run.ts";
import { flowGrammar } from "../../src/cli/grammar/flow.ts";
import { commandGrammars } from "../../src/cli/grammar/table.ts";
import { helpText } from "../../src/cli/help/help-text.ts";
import type { CommandSpec } from "../../src/cli/command-line/option-spec.ts";
import { shownName, takesValue } from "../../src/cli/command-line/option-spec.ts";
import { cellsOf } from "../../src/text/width.ts";

const all: readonly CommandSpec[] = [
  delegateGrammar,
  ...commandGrammars,
  ...commandGrammars.flatMap(({ subcommands = [] }) => subcommands),
];
const named = all.map((spec) => [spec.name === "" ? "delegate" : spec.name, spec] as const);

function helpOf(spec: CommandSpec, columns = 80): string {
  const { subcommands = [] } = commandGrammars.find((grammar) => grammar === spec) ?? {};
  return helpText(spec, spec === delegateGrammar ? commandGrammars : subcommands, columns);
}

describe.each(named)("the help of %s", (_name, spec) => {
  test.each([40, 60, 80, 100])("fits into %i columns", (columns) => {
    for (const line of helpOf(spec, columns).split("\n"))
      expect(cellsOf(line)).toBeLessThanOrEqual(columns);
  });

  test("names every option that does something, once, and says what it does", () => {
    const help = helpOf(spec, 100);
    const words = help.replaceAll(/\s+/g, " ");
    for (const option of spec.options) {
      const label = new RegExp(`^ +(?:-\\w, )?--${shownName(option)}(?:,| |$)`, "gm");
      expect(help.match(label) ?? []).toHaveLength(option.isHidden === true ? 0 : 1);
      if (option.isHidden !== true) expect(words).toContain(option.describe);
    }
  });

  test("has neither the parser's own words nor blanks at the ends of lines", () => {
    expect(helpOf(spec)).not.toMatch(/\[(?:string|boolean|array|default)|undefined| $/m);
  });
});

test("the help of the whole program reads so", async () => {
  await expect(helpOf(delegateGrammar)).toMatchFileSnapshot("golden/help-80.txt");
  await expect(helpOf(delegateGrammar, 40)).toMatchFileSnapshot("golden/help-40.txt");
});

test("the help of flows reads so", async () => {
  await expect(helpOf(flowGrammar)).toMatchFileSnapshot("golden/help-flow-80.txt");
  await expect(helpOf(flowRunGrammar)).toMatchFileSnapshot("golden/help-flow-run-80.txt");
});

test("the verbs of a command stand in its usage", () => {
  for (const { usage, verbs = [] } of commandGrammars)
    if (verbs.length > 0) expect(usage).toMatch(verbs.map(({ name }) => name).join("|"));
});

test("an option takes a value in every command that has it, or in none", () => {
  const options = all.flatMap((spec) => spec.options);
  for (const option of options)
    for (const other of options.filter(({ name }) => name === option.name))
      expect([option.name, takesValue(other)]).toEqual([option.name, takesValue(option)]);
});

test("what an option defaults to is one of its choices", () => {
  for (const { choices, default: otherwise } of all.flatMap(({ options }) => options))
    if (choices !== undefined && otherwise !== undefined) expect(choices).toContain(otherwise);
});
