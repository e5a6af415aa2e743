import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { delegateGrammar } from "../../src/cli/grammar/delegate.ts";
import { commandGrammars } from "../../src/cli/grammar/table.ts";
import { shownName } from "../../src/cli/command-line/option-spec.ts";
import { commandNames, reservedNames } from "../../src/command-names.ts";

const root = new URL("../../", import.meta.url).pathname;
const readme = readFileSync(`${root}README.md`, "utf8");
const docs = readdirSync(`${root}docs`)
  .filter((name) => name.endsWith(".md"))
  .map((name) => readFileSync(`${root}docs/${name}`, "utf8"));
const all = [readme, ...docs].join("\n");
const everyGrammar = [
  delegateGrammar,
  ...commandGrammars.flatMap((grammar) => [grammar, ...(grammar.subcommands ?? [])]),
];

describe("README or docs tell of", () => {
  const names = everyGrammar.map(({ name }) => name).filter((name) => name !== "");
  test.each(names)("delegate %s", (name) => {
    expect(all).toMatch(new RegExp(`\`(?:delegate )?${name}[ \`]`));
  });

  const verbs = commandGrammars.flatMap(({ name, verbs: some = [] }) =>
    some.map((verb) => [name, verb.name] as const),
  );
  test.each(verbs)("delegate %s %s", (name, verb) => {
    expect(all).toMatch(new RegExp(`${name} (?:\\w+\\\\?\\|)*${verb}\\b`));
  });

  const options = everyGrammar.flatMap(({ name, options: some }) =>
    some
      .filter(({ isHidden }) => isHidden !== true)
      .map((option) => [`${name} --${shownName(option)}`.trim(), option] as const),
  );
  test.each(options)("%s", (_name, { alias, ...option }) => {
    expect(all).toMatch(new RegExp(`--${shownName({ ...option })}(?![\\w-])`));
    if (alias !== undefined) expect(all).toContain(`-${alias}`);
  });
});

test("README tells of every option of a delegation", () => {
  for (const option of delegateGrammar.options)
    expect(readme).toMatch(new RegExp(`\`--${shownName(option)}[ \`]`));
});

test("the names of all commands are kept from agents", () => {
  expect([...commandNames]).toEqual([...commandGrammars.map(({ name }) => name), "help"]);
  // With a task behind it, the one that takes no words is an agent's name.
  expect([...reservedNames, "worker"].toSorted()).toEqual([...commandNames].toSorted());
});
