import yargs from "yargs";
import type { Options } from "yargs";
import type { Command } from "../command.ts";
import type { CommandSpec, OptionSpec } from "../options.ts";
import { commandSpecs, delegateSpec } from "../options.ts";
import type { Shell } from "../shell.ts";

/** `--help`, for the whole program or one command. */
export async function runHelp(command: Command & { name: "help" }, shell: Shell): Promise<number> {
  const spec = commandSpecs.find(({ name }) => name === command.topic) ?? delegateSpec;
  shell.stdout.write(`${await helpText(spec, await columnsFor(shell))}\n`);
  return 0;
}

/** The help of one command, as wide as the terminal allows. */
export async function helpText(spec: CommandSpec, columns: number): Promise<string> {
  const isMain = spec === delegateSpec;
  const invocation = ["delegate", spec.name, spec.usage].filter((part) => part !== "").join(" ");
  let help = yargs([])
    .locale("en")
    .scriptName("delegate")
    .usage(`${invocation} [options]\n\n${spec.describe}`)
    .parserConfiguration({ "boolean-negation": false })
    .help(false)
    .version(false)
    .wrap(columns);
  for (const option of spec.options) help = help.option(shownName(option), describeOption(option));
  for (const [example, meaning] of spec.examples ?? []) help = help.example(example, meaning);
  if (isMain) help = help.epilogue(epilogue());
  return help.getHelp();
}

function epilogue(): string {
  const width = Math.max(...commandSpecs.map(({ name, usage }) => `${name} ${usage}`.length));
  const commands = commandSpecs.map(
    ({ name, usage, describe }) => `  ${`${name} ${usage}`.padEnd(width)}  ${describe}`,
  );
  return ["Commands:", ...commands, "", exitCodes].join("\n");
}

const exitCodes = `Exit codes:
  0 complete, partial or sent   1 the agent says failed   2 usage or config
  3 no handoff in time          4 not allowed             5 handoff malformed, invalid or absent
  6 gateway not reached         7 the agent asks          9 canceled
  70 a bug                      74 the disk               130, 143 interrupted`;

function shownName({ name, kind }: OptionSpec): string {
  return kind === "negatable" ? `no-${name}` : name;
}

function describeOption(option: OptionSpec): Options {
  return {
    describe:
      option.placeholder === undefined
        ? option.describe
        : `<${option.placeholder}> ${option.describe}`,
    ...(option.alias === undefined ? {} : { alias: option.alias }),
    ...(option.kind === "flag" || option.kind === "negatable"
      ? { boolean: true }
      : { string: true }),
  };
}

async function columnsFor(shell: Shell): Promise<number> {
  if (!shell.stdout.isTerminal) return 100;
  const { columnsOf } = await import("../columns.ts");
  return Math.min(columnsOf(1)(), 120);
}
