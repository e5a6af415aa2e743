import type { Config } from "../../config/config.ts";
import { failureKinds } from "../../failure.ts";
import type { FlowProblem } from "../../flows/file/complaint.ts";
import { plainLine } from "../../text/plain.ts";
import { reportJson, reportRefusal } from "../report.ts";
import type { Shell } from "../shell.ts";
import type { FlowValidateCommand } from "./command.ts";
import { configIfAny } from "./config-if-any.ts";
import {
  agentsFor,
  loadNamedFlow,
  problemsInFiles,
  problemsWithAgents,
  shortPath,
} from "./load-named-flow.ts";
import type { NamedFlow } from "./load-named-flow.ts";

/** What was found out about one flow that somebody named. */
interface Checked {
  readonly file: string;
  readonly isValid: boolean;
  readonly problems: readonly FlowProblem[];
}

/** `delegate flow validate <name|file…>`: all that is wrong, with line and column. */
export async function validateFlows(command: FlowValidateCommand, shell: Shell): Promise<number> {
  const config = configIfAny(command, shell);
  if (!config.ok) return reportRefusal(config.failure, command.isJson, shell);
  const checked: Checked[] = [];
  for (const word of command.files) {
    const found = await check(word, config.value, shell);
    if (!found.ok) return reportRefusal(found.failure, command.isJson, shell);
    checked.push(found.value);
  }
  if (command.isJson) reportJson({ flows: checked }, shell);
  else for (const one of checked) print(one, command, shell);
  return checked.every(({ isValid }) => isValid) ? 0 : failureKinds.usage.exit;
}

async function check(word: string, config: Config | null, shell: Shell) {
  const named = await loadNamedFlow(word, config, shell);
  if (!named.ok) return named;
  const problems = problemsOf(named.value, config);
  return {
    ok: true,
    value: { file: named.value.path, isValid: problems.length === 0, problems },
  } as const;
}

/** With a config also whether the agents that the file names can take its roles; whoever starts it may name others. */
function problemsOf(named: NamedFlow, config: Config | null): readonly FlowProblem[] {
  const assigned = agentsFor(named, {});
  return config !== null && assigned?.ok === true
    ? problemsWithAgents(named, assigned.agents, config)
    : problemsInFiles(named);
}

function print({ file, problems }: Checked, command: FlowValidateCommand, shell: Shell): void {
  const name = (path: string): string => plainLine(shortPath(path, shell.cwd));
  for (const { file: at, line, column, message } of problems)
    shell.stdout.write(`${name(at)}:${line}:${column}: ${plainLine(message)}\n`);
  if (problems.length === 0 && !command.isQuiet)
    shell.stdout.write(`${name(file)}: nothing is wrong with it\n`);
}
