import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { describeTrouble, readOwnFile } from "../../config/own-file.ts";
import type { FileTrouble, Guard } from "../../config/own-file.ts";
import { createCompiler } from "../expression/compile.ts";
import type { Compiler } from "../expression/compile.ts";
import type { Flow } from "../flow.ts";
import { checkFile } from "./check-file.ts";
import { complain } from "./complaint.ts";
import type { Complaint, FlowProblem } from "./complaint.ts";
import { linksOf, schemasOf } from "./links.ts";
import { loadLinks } from "./load-links.ts";
import type { FlowFolders } from "./locate.ts";
import { outline } from "./outline.ts";
import { readFlow } from "./read-flow.ts";
import { readYaml } from "./read-yaml.ts";
import type { ReadYaml } from "./read-yaml.ts";

/** A flow that was read, and where in its file each part of it stands. */
interface ReadFlow {
  readonly flow: Flow;
  readonly placeOf: ReadYaml["placeOf"];
}

/**
 * A flow that is whole and right, or everything that is wrong with its files. `draft` is the flow as far as it is not
 * broken, for those who look for more that is wrong; null when nothing could be read.
 */
export type LoadedFlow =
  | ({ readonly ok: true } & ReadFlow)
  | {
      readonly ok: false;
      readonly problems: readonly FlowProblem[];
      readonly draft: ReadFlow | null;
    };

interface Loading {
  readonly folders: FlowFolders;
  readonly compiler: Compiler;
  /** By real path: several steps may use one flow. */
  readonly known: Map<string, LoadedFlow>;
}

/** Reads a flow's file and all that it names. */
export function loadFlow(path: string, folders: FlowFolders): Promise<LoadedFlow> {
  return load(path, [], { folders, compiler: createCompiler(), known: new Map() });
}

async function load(path: string, above: readonly string[], loading: Loading): Promise<LoadedFlow> {
  const real = realPath(path);
  const known = loading.known.get(real);
  if (known !== undefined) return known;
  const text = readOwnFile(path, guardOf(real, loading.folders));
  const loaded: LoadedFlow = text.ok
    ? await loadText(path, text.value, [...above, real], loading)
    : unreadable(path, text.failure);
  loading.known.set(real, loaded);
  return loaded;
}

async function loadText(
  path: string,
  text: string,
  above: readonly string[],
  loading: Loading,
): Promise<LoadedFlow> {
  const read = readYaml(text);
  const document = read.value;
  const placed = (complaint: Complaint): FlowProblem => ({
    file: path,
    ...read.placeOf(complaint),
    message: complaint.message,
  });
  const garbled = read.problems.map((problem) => ({ file: path, ...problem }));
  if (document === null) return { ok: false, problems: garbled, draft: null };
  const root = outline(document);
  const linked = await loadLinks(linksOf(document, root), path, {
    folders: loading.folders,
    guardOf: (file) => guardOf(realPath(file), loading.folders),
    loadFlow: (file) => loadSubflow(file, above, loading),
  });
  const { links } = linked;
  const flow = readFlow(document, root, links);
  const complaints = [
    ...checkFile({ document, root, links, flow, compiler: loading.compiler }),
    ...(await checkSchemas(schemasOf(document, root, links))),
    ...linked.complaints,
  ];
  const problems = [...inOrder([...garbled, ...complaints.map(placed)]), ...linked.problems];
  const draft = { flow, placeOf: read.placeOf };
  return problems.length === 0 ? { ok: true, ...draft } : { ok: false, problems, draft };
}

function unreadable(file: string, trouble: FileTrouble): LoadedFlow {
  const problem = { file, line: 1, column: 1, message: describeTrouble(trouble) };
  return { ok: false, problems: [problem], draft: null };
}

/** More flows in each other are a mistake. */
const MOST_LEVELS = 8;

/** Loads a flow that another one names, or says in a sentence why that can't be. */
async function loadSubflow(
  path: string,
  above: readonly string[],
  loading: Loading,
): Promise<LoadedFlow | string> {
  const from = above.indexOf(realPath(path));
  if (from !== -1) {
    const way = [...above.slice(from), path].map(nameOfFile).join(" → ");
    return `the flow includes itself: ${way}`;
  }
  if (above.length >= MOST_LEVELS) return `more than ${MOST_LEVELS} flows are in each other`;
  return load(path, above, loading);
}

async function checkSchemas(schemas: ReturnType<typeof schemasOf>): Promise<readonly Complaint[]> {
  if (schemas.length === 0) return [];
  const { schemaTrouble } = await import("./schema-trouble.ts");
  return schemas.flatMap(({ at, schema }) => {
    const message = schemaTrouble(schema);
    return message === null ? [] : [complain(at, message)];
  });
}

/** What comes with this package belongs to whoever installed it; other files decide what is run, and nobody else may change them. */
function guardOf(realFile: string, { packageDir }: FlowFolders): Guard {
  return realFile.startsWith(realPath(packageDir) + sep) ? "none" : "write";
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function nameOfFile(path: string): string {
  return path.slice(path.lastIndexOf(sep) + 1);
}

/** As they stand in a file, first to last. */
export function inOrder(problems: readonly FlowProblem[]): readonly FlowProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
