import { relative } from "node:path";
import type { Config } from "../../config/config.ts";
import { canReadOnly } from "../../config/read-only.ts";
import type { Failure, Problem, Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { checkAgents } from "../../flows/file/check-agents.ts";
import type { FlowProblem } from "../../flows/file/complaint.ts";
import { loadFlow } from "../../flows/file/load-flow.ts";
import type { LoadedFlow } from "../../flows/file/load-flow.ts";
import { locateFlow } from "../../flows/file/locate.ts";
import type { Shell } from "../shell.ts";
import { flowFoldersOf } from "./flow-folders.ts";

/** A flow that was found, as its file is read. */
export interface NamedFlow<Loaded extends LoadedFlow = LoadedFlow> {
  readonly path: string;
  readonly loaded: Loaded;
}

/** One of which nothing is wrong with the files. */
export type GoodFlow = NamedFlow<Extract<LoadedFlow, { readonly ok: true }>>;

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

/** The steps whose roles nobody of the config can take, as problems of the flow's file. */
export function problemsWithAgents(
  { path, loaded }: GoodFlow,
  agents: Readonly<Record<string, string>>,
  config: Config,
): readonly FlowProblem[] {
  const elsewhere = config.store?.agentsElsewhere ?? [];
  const known = {
    names: [...Object.keys(config.agents), ...elsewhere],
    // Whoever carries the step out looks at it again, by its own config.
    canReadOnly: (name: string) => elsewhere.includes(name) || canReadOnly(config, name),
  };
  return checkAgents(loaded.flow, agents, known).map((complaint) => ({
    file: path,
    ...loaded.placeOf(complaint),
    message: complaint.message,
  }));
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
