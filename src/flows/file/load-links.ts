import { basename, dirname, join, resolve } from "node:path";
import { describeTrouble, readOwnFile } from "../../config/own-file.ts";
import type { Guard } from "../../config/own-file.ts";
import { didYouMean } from "../../text/nearest.ts";
import { unreachable } from "../../unreachable.ts";
import type { Flow } from "../flow.ts";
import type { Json } from "../json.ts";
import { complain } from "./complaint.ts";
import type { Complaint, FlowProblem } from "./complaint.ts";
import type { Link, Links } from "./links.ts";
import { isFile, locateSubflow, namesIn } from "./locate.ts";
import type { FlowFolders } from "./locate.ts";
import { readPersona } from "./persona.ts";
import { readYaml } from "./read-yaml.ts";

/** How files are read on the way. */
interface Reading {
  readonly folders: FlowFolders;
  readonly guardOf: (path: string) => Guard;
  readonly loadFlow: (
    path: string,
  ) => Promise<
    | { readonly ok: true; readonly flow: Flow }
    | { readonly ok: false; readonly problems: readonly FlowProblem[] }
    | string
  >;
}

/** What the named files hold, what is wrong with the names, and what is wrong in the files of other flows. */
interface LoadedLinks {
  readonly links: Links;
  readonly complaints: readonly Complaint[];
  readonly problems: readonly FlowProblem[];
}

/** Reads everything that a flow file names, each once. */
export async function loadLinks(
  links: readonly Link[],
  flowPath: string,
  reading: Reading,
): Promise<LoadedLinks> {
  const schemas = new Map<string, Json>();
  const flows = new Map<string, Flow>();
  const personas = new Map<string, string>();
  const complaints: Complaint[] = [];
  const problems: FlowProblem[] = [];
  const folder = dirname(flowPath);
  const seen = new Map<string, string | null>();
  for (const { kind, name, at } of links) {
    const before = seen.get(`${kind} ${name}`);
    const trouble = before === undefined ? await loadOne(kind, name) : before;
    seen.set(`${kind} ${name}`, trouble);
    if (trouble !== null) complaints.push(complain(at, trouble));
  }
  return { links: { schemas, flows, personas }, complaints, problems };

  async function loadOne(kind: Link["kind"], name: string): Promise<string | null> {
    switch (kind) {
      case "schema":
        return keep(schemas, name, loadSchema(resolve(folder, name), name, reading));
      case "persona":
        return keep(personas, name, loadPersona(name, folder, reading));
      case "flow": {
        const path = locateSubflow(name, folder, reading.folders);
        const loaded = path.ok ? await reading.loadFlow(path.value) : path.failure.message;
        if (typeof loaded === "string") return loaded;
        if (loaded.ok) flows.set(name, loaded.flow);
        else problems.push(...loaded.problems);
        return null;
      }
      default:
        return unreachable(kind);
    }
  }
}

/** What a file holds, or in a sentence why it can't be used. */
type Loaded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

function keep<T>(map: Map<string, T>, name: string, loaded: Loaded<T>): string | null {
  if (!loaded.ok) return loaded.message;
  map.set(name, loaded.value);
  return null;
}

function loadSchema(path: string, name: string, { guardOf }: Reading): Loaded<Json> {
  const text = readOwnFile(path, guardOf(path));
  if (!text.ok) return { ok: false, message: describeTrouble(text.failure) };
  const { value, problems } = readYaml(text.value);
  const [first] = problems;
  if (first === undefined) return { ok: true, value };
  return {
    ok: false,
    message: `${name}, line ${first.line}, column ${first.column}: ${first.message}`,
  };
}

function loadPersona(name: string, flowFolder: string, reading: Reading): Loaded<string> {
  const places = personaFolders(flowFolder, reading.folders);
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
  const path = isName ? places.map((place) => join(place, `${name}.md`)).find(isFile) : undefined;
  if (path === undefined) {
    const meant = didYouMean(
      name,
      places.flatMap((place) => namesIn(place, [".md"])),
    );
    const looked = meant === "" ? `; it would be ${name}.md in ${places.join(" or ")}` : meant;
    return { ok: false, message: `there is no persona "${name}"${looked}` };
  }
  const text = readOwnFile(path, reading.guardOf(path));
  if (!text.ok) return { ok: false, message: describeTrouble(text.failure) };
  const read = readPersona(text.value, basename(path, ".md"));
  return read.ok
    ? { ok: true, value: read.persona.text }
    : { ok: false, message: `the persona ${path} ${read.message}` };
}

/** Where personas are looked for, first to last. */
export function personaFolders(
  flowFolder: string,
  { flowsDir, packageDir }: FlowFolders,
): readonly string[] {
  const ofConfig =
    flowsDir === null ? [] : [join(flowsDir, "personas"), join(dirname(flowsDir), "personas")];
  return [...new Set([join(flowFolder, "personas"), ...ofConfig, join(packageDir, "personas")])];
}
