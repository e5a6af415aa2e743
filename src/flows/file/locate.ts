import { readdirSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { didYouMean } from "../../text/nearest.ts";
import type { Failure, Result } from "../../failure.ts";
import { failure, success } from "../../failure.ts";

/** Where flows and personas are looked for. */
export interface FlowFolders {
  /** The config's own folder of flows, absolute, or null. */
  readonly flowsDir: string | null;
  /** The folder of this package, which brings some along. */
  readonly packageDir: string;
}

const extensions = [".yaml", ".yml", ".json"];

/** Finds the file of a flow: a path, or the name of a flow of the config or of this package. Paths start at `folder`. */
export function locateFlow(word: string, folder: string, folders: FlowFolders): Result<string> {
  return isFile(resolve(folder, word))
    ? success(resolve(folder, word))
    : locateIn(word, folder, flowFolders(folders));
}

/** The same for a flow that another one names, which may lie beside it: `folder` is that one's. */
export function locateSubflow(word: string, folder: string, folders: FlowFolders): Result<string> {
  return locateIn(word, folder, [folder, ...flowFolders(folders)]);
}

function locateIn(word: string, folder: string, places: readonly string[]): Result<string> {
  const path = resolve(folder, word);
  if (isPath(word)) return isFile(path) ? success(path) : failure(missing(path));
  const candidates = places.flatMap((place) =>
    extensions.map((extension) => join(place, word + extension)),
  );
  const found = candidates.find(isFile);
  return found === undefined ? failure(unknownName(word, places)) : success(found);
}

/** The names of the flows that can be started by name, each once, in order. */
export function flowNames(folders: FlowFolders): readonly string[] {
  return [...new Set(flowFolders(folders).flatMap(namesOfFlows))].toSorted();
}

/** The names of the files with these endings in a folder; none when there is no such folder. */
export function namesIn(folder: string, endings: readonly string[]): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => endings.includes(extname(name)))
      .map((name) => name.slice(0, -extname(name).length));
  } catch {
    return [];
  }
}

/** Whether the word can only be meant as a path. */
function isPath(word: string): boolean {
  return /[\\/]/.test(word) || extensions.includes(extname(word));
}

/** Whether there is a file, and no folder. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Schemas and other files may lie beside flows; the names of flows have no dot. */
function namesOfFlows(folder: string): readonly string[] {
  return namesIn(folder, extensions).filter((name) => /^[a-z][a-z0-9-]*$/.test(name));
}

function flowFolders({ flowsDir, packageDir }: FlowFolders): readonly string[] {
  return [...(flowsDir === null ? [] : [flowsDir]), join(packageDir, "flows")];
}

function missing(path: string): Failure {
  return {
    code: "usage",
    message: `${path} does not exist, or is no file`,
    hint: "name the file of a flow, or the name of one",
  };
}

function unknownName(word: string, places: readonly string[]): Failure {
  const names = places.flatMap(namesOfFlows);
  const known =
    names.length === 0 ? "" : `; there are ${[...new Set(names)].toSorted().join(", ")}`;
  const meant = didYouMean(word, names);
  return {
    code: "usage",
    message: `there is no flow "${word}"${meant === "" ? known : meant}`,
    hint: `flows are files such as ${word}.yaml in ${places.join(" or ")}; or name a file`,
  };
}
