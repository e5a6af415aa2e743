import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { failure, success } from "../failure.ts";
import type { Problem, Result } from "../failure.ts";
import type { Config } from "./config.ts";
import { readDocument } from "./document.ts";
import type { ReadDocument } from "./document.ts";
import { homeFolder, locateConfig } from "./locate.ts";
import type { ConfigSearch } from "./locate.ts";
import { mergeAgents } from "./merge.ts";
import type { RegistryFile } from "./merge.ts";
import { namedPaths } from "./named-paths.ts";
import type { NamedPath } from "./named-paths.ts";
import { normalizeConfig } from "./normalize.ts";
import type { Place } from "./normalize.ts";
import { readOwnFile } from "./own-file.ts";
import { checkRules } from "./rules.ts";
import { configSchema, registrySchema } from "./schemas.ts";
import type { WrittenConfig } from "./written.ts";

/** Finds, reads and checks the config; everything that is wrong is said at once. */
export function loadConfig(search: ConfigSearch): Result<Config> {
  const located = locateConfig(search);
  if (!located.ok) return located;
  const path = located.value;
  const text = readOwnFile(path, "write");
  if (!text.ok) return refuse(`the config ${text.failure.message}`, text.failure.hint);
  const document = readDocument(text.value, configSchema);
  if (!document.ok) return refuse(`the config ${path} ${document.failure}`, "correct it there");
  const resolvePath = pathResolver(dirname(path), homeFolder(search.env));
  return checkDocument(document.value, { path, resolvePath });
}

function checkDocument(document: ReadDocument<WrittenConfig>, place: Place): Result<Config> {
  const { written } = document;
  if (written === null) return refuseAll(place.path, document.problems);
  const registry = readRegistry(written.registry, place);
  const agents = mergeAgents(written, registry.file);
  const config = normalizeConfig(written, agents, place);
  const readProblems = [...document.problems, ...registry.problems];
  const areNamesKnown = !readProblems.some(({ at }) => at === "/registry" || at === "/agents");
  const problems = [
    ...readProblems,
    ...checkRules({
      config: written,
      agents,
      names: areNamesKnown ? new Set([...document.agentNames, ...registry.agentNames]) : null,
      incomplete: new Set([...document.brokenAgents, ...registry.brokenAgents]),
      hasBrokenTelegram: document.problems.some(({ at }) => at.startsWith("/telegram")),
    }),
    ...namedPaths(written, agents, place.resolvePath).flatMap(checkPath),
  ];
  return problems.length === 0 ? success(config) : refuseAll(place.path, problems);
}

interface ReadRegistry {
  readonly file: RegistryFile | null;
  readonly problems: readonly Problem[];
  readonly agentNames: readonly string[];
  readonly brokenAgents: readonly string[];
}

function readRegistry(written: string | undefined, { resolvePath }: Place): ReadRegistry {
  if (written === undefined) return noRegistry([]);
  const path = resolvePath(written);
  const text = readOwnFile(path, "write");
  if (!text.ok) return noRegistry([`${text.failure.message}; ${text.failure.hint}`]);
  const document = readDocument(text.value, registrySchema);
  if (!document.ok) return noRegistry([`${path} ${document.failure}`]);
  const { problems, agentNames, brokenAgents } = document.value;
  const label = basename(path);
  const file = document.value.written === null ? null : { label, written: document.value.written };
  return {
    file,
    problems: [
      ...problems.map(({ at, message }) => ({ at: `${label}#${at}`, message })),
      ...(file === null ? [{ at: "/registry", message: `${path} has no usable agents` }] : []),
    ],
    agentNames,
    brokenAgents,
  };
}

function noRegistry(messages: readonly string[]): ReadRegistry {
  const problems = messages.map((message) => ({ at: "/registry", message }));
  return { file: null, problems, agentNames: [], brokenAgents: [] };
}

/** Makes the paths of a config absolute: relative ones start at its folder, `~/` at home. */
function pathResolver(folder: string, home: string | null): (path: string) => string {
  return (path) =>
    home !== null && (path === "~" || path.startsWith("~/"))
      ? join(home, path.slice(1))
      : resolve(folder, path);
}

function checkPath({ at, path, kind }: NamedPath): Problem[] {
  const found = statOrNull(path);
  if (found === null) return [{ at, message: `${path} does not exist` }];
  if (kind === "folder" && !found.isDirectory()) {
    return [{ at, message: `${path} is not a folder` }];
  }
  return kind === "file" && found.isDirectory()
    ? [{ at, message: `${path} is a folder, not a file` }]
    : [];
}

function statOrNull(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function refuseAll(path: string, problems: readonly Problem[]): Result<never> {
  const [first] = problems;
  const message =
    problems.length === 1 && first !== undefined
      ? `the config ${path} has a problem: ${first.at === "" ? "" : `${first.at}: `}${first.message}`
      : `the config ${path} has ${problems.length} problems`;
  const hint = "correct the file; delegate doctor checks it again";
  return failure({ code: "config_invalid", message, hint, problems });
}

function refuse(message: string, hint: string): Result<never> {
  return failure({ code: "config_invalid", message, hint });
}
