import { readdirSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { didYouMean } from "../../nearest.ts";
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
  const path = resolve(folder, word);
  if (isPath(word) || isFile(path)) return isFile(path) ? success(path) : failure(missing(path));
  const places = flowFolders(folders);
  for (const place of places) {
    const found = siblingFlow(word, place);
    if (found !== null) return success(found);
  }
  return failure(unknownName(word, places));
}

/** The file of the flow of this name in a folder, or null. */
export function siblingFlow(name: string, folder: string): string | null {
  return extensions.map((extension) => join(folder, name + extension)).find(isFile) ?? null;
}

/** The names of the flows that can be started by name, each once, in order. */
export function flowNames(folders: FlowFolders): readonly string[] {
  return [
    ...new Set(flowFolders(folders).flatMap((folder) => namesIn(folder, extensions))),
  ].toSorted();
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
export function isPath(word: string): boolean {
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
  const names = places.flatMap((folder) => namesIn(folder, extensions));
  const known =
    names.length === 0 ? "" : `; there are ${[...new Set(names)].toSorted().join(", ")}`;
  const meant = didYouMean(word, names);
  return {
    code: "usage",
    message: `there is no flow "${word}"${meant === "" ? known : meant}`,
    hint: `flows are files such as ${word}.yaml in ${places.join(" or ")}; or name a file`,
  };
}
