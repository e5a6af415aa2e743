import { escapePointer } from "../json/pointer.ts";
import type { AgentEntry } from "./merge.ts";
import type { WrittenConfig } from "./written.ts";

/** A path that a config names and that must be there. */
export interface NamedPath {
  readonly at: string;
  readonly path: string;
  readonly kind: "file" | "folder";
}

/** Every path that must exist before anything can be run; folders of handoffs and logs are made when needed. */
export function namedPaths(
  config: WrittenConfig,
  agents: readonly AgentEntry[],
  resolvePath: (path: string) => string,
): NamedPath[] {
  return [...agents.flatMap(namedByAgent), ...namedBySecrets(config)].map(({ path, ...rest }) => ({
    ...rest,
    path: resolvePath(path),
  }));
}

/** The files that hold the tokens of bots, and the address of the Postgres. */
function namedBySecrets({ discord, telegram, store }: WrittenConfig): NamedPath[] {
  const places = [
    ...Object.entries(discord?.callers ?? {}).map(
      ([caller, { token }]) => [`/discord/callers/${escapePointer(caller)}/token`, token] as const,
    ),
    ...(telegram === undefined ? [] : [["/telegram/token", telegram.token] as const]),
    ...(store === undefined ? [] : [["/store/postgres", store.postgres] as const]),
  ];
  return places.flatMap(([place, token]) =>
    Object.entries(token)
      .filter(([key]) => key === "file" || key === "openclaw")
      .map(([key, path]): NamedPath => ({ at: `${place}/${key}`, path, kind: "file" })),
  );
}

function namedByAgent({ written, placeOf }: AgentEntry): NamedPath[] {
  const { token, cwd, program, command, planCommand } = written;
  const paths: NamedPath[] = [];
  const add = (kind: NamedPath["kind"], at: string, path: string | undefined) => {
    if (path !== undefined) paths.push({ at, path, kind });
  };
  add(
    "file",
    `${placeOf("token")}/file`,
    token !== undefined && "file" in token ? token.file : undefined,
  );
  add("folder", placeOf("cwd"), cwd);
  add("file", placeOf("program"), pathOfProgram(program));
  add("file", `${placeOf("command")}/0`, pathOfProgram(command?.[0]));
  add("file", `${placeOf("planCommand")}/0`, pathOfProgram(planCommand?.[0]));
  return paths;
}

/** A bare name is looked up in PATH when it is run; anything with a slash is a path. */
export function isProgramPath(program: string): boolean {
  return /[\\/]/.test(program);
}

function pathOfProgram(program: string | undefined): string | undefined {
  return program !== undefined && isProgramPath(program) ? program : undefined;
}
