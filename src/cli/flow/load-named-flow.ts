import { relative } from "node:path";
import type { Config } from "../../config/config.ts";
import { canReadOnly } from "../../config/read-only.ts";
import type { Failure, Problem, Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { assignAgents } from "../../flows/inputs/assign-agents.ts";
import type { AssignedAgents } from "../../flows/inputs/assign-agents.ts";
import { checkAgents } from "../../flows/file/check-agents.ts";
import type { KnownAgents } from "../../flows/file/check-agents.ts";
import type { FlowProblem } from "../../flows/file/complaint.ts";
import { inOrder, loadFlow } from "../../flows/file/load-flow.ts";
import type { LoadedFlow } from "../../flows/file/load-flow.ts";
import { locateFlow } from "../../flows/file/locate.ts";
import type { Shell } from "../shell.ts";
import { flowFoldersOf } from "./flow-folders.ts";

/** A flow that was found, as its file is read. */
export interface NamedFlow {
  readonly path: string;
  readonly loaded: LoadedFlow;
}

/** Finds and reads the flow that somebody names, by its name or file. */
export async function loadNamedFlow(
  word: string,
  config: Config | null,
  { cwd }: Shell,
): Promise<Result<NamedFlow>> {
  const folders = flowFoldersOf(config);
  const path = locateFlow(word, cwd, folders);
  if (!path.ok) return path;
  return success({ path: path.value, loaded: await loadFlow(path.value, folders) });
}

/** Everything that is wrong with a flow's files. */
export function problemsInFiles({ loaded }: NamedFlow): readonly FlowProblem[] {
  return loaded.ok ? [] : loaded.problems;
}

/** Who takes which role of a flow, as far as it can be read; null when it can't be. */
export function agentsFor(
  { loaded }: NamedFlow,
  agents: Readonly<Record<string, string>>,
): AssignedAgents | null {
  const read = loaded.ok ? loaded : loaded.draft;
  return read === null ? null : assignAgents(read.flow, agents);
}

/** The same as `problemsInFiles`, and the steps whose roles nobody of the config can take, in the order of the file. */
export function problemsWithAgents(
  named: NamedFlow,
  agents: Readonly<Record<string, string>>,
  config: Config,
): readonly FlowProblem[] {
  const { path: file, loaded } = named;
  const inFiles = problemsInFiles(named);
  const read = loaded.ok ? loaded : loaded.draft;
  if (read === null) return inFiles;
  const known = new Set(inFiles.map(placeOfProblem));
  const withAgents = checkAgents(read.flow, agents, knownAgents(config))
    .map((complaint) => ({ file, ...read.placeOf(complaint), message: complaint.message }))
    // What the file says there is wrong in any case.
    .filter((problem) => !known.has(placeOfProblem(problem)));
  const isOwn = (problem: FlowProblem): boolean => problem.file === file;
  return [
    ...inOrder([...inFiles.filter(isOwn), ...withAgents]),
    ...inFiles.filter((problem) => !isOwn(problem)),
  ];
}

function placeOfProblem({ file, line, column }: FlowProblem): string {
  return `${file}:${line}:${column}`;
}

function knownAgents(config: Config): KnownAgents {
  const elsewhere = config.store?.agentsElsewhere ?? [];
  return {
    names: [...Object.keys(config.agents), ...elsewhere],
    // Whoever carries the step out looks at it again, by its own config.
    canReadOnly: (name) => elsewhere.includes(name) || canReadOnly(config, name),
  };
}

/** Problems of files with their places, as somebody in this folder would name them. */
export function placed(problems: readonly FlowProblem[], { cwd }: Shell): readonly Problem[] {
  return problems.map(({ file, line, column, message }) => ({
    at: `${shortPath(file, cwd)}:${line}:${column}`,
    message,
  }));
}

/** A flow that can't be used, or not in this way. */
export function flowFailure(problems: readonly Problem[], name: string): Failure {
  const [first] = problems;
  const message =
    problems.length === 1 && first !== undefined
      ? `${first.at}: ${first.message}`
      : `the flow ${name} can't be run: ${problems.length} things are wrong`;
  const hint =
    "correct it; delegate flow validate checks a file, delegate flow run --help explains";
  return { code: "usage", message, hint, problems };
}

/** A path as somebody in that folder would write it. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === "" || short.startsWith("..") ? path : short;
}
