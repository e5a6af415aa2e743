import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { WrittenAgent } from "../../src/config/written.ts";
import type { Outcome } from "../../src/run/outcome.ts";
import { until } from "../rig/until.ts";
import { KEY_VARIABLE } from "./catalog.ts";
import type { AgentTool } from "./catalog.ts";
import { programFolder } from "./install.ts";
import { processesAtHomeIn } from "./leftovers.ts";

const launcher = resolve(import.meta.dirname, "..", "..", "bin", "launch.cjs");

/** How one call of the command ended. */
export interface CliEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout. */
  readonly outcome: () => Outcome;
}

/** What a project is made of. */
export interface ProjectFacts {
  readonly tool: AgentTool;
  readonly cache: string;
  /** Where its folder is made. */
  readonly parent: string;
  readonly modelOrigin: string;
  readonly mode?: "write" | "plan";
}

/**
 * A folder with a config that has one agent, `worker`, by its preset. The agent works in `work`; home and all that the
 * tools write for themselves is in `home`, so that nothing of the user is touched.
 */
export class Project {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, { cache, tool, modelOrigin }: ProjectFacts) {
    this.folder = folder;
    this.#env = {
      PATH: [programFolder(cache, tool.name), dirname(process.execPath), process.env["PATH"]].join(
        ":",
      ),
      ...ownFolders(this.home),
      ...noOtherNetwork(modelOrigin),
      TERM: "dumb",
      LANG: "C.UTF-8",
      [KEY_VARIABLE]: "a-key-for-the-stand-in",
    };
  }

  /** Makes the folder with the config and the tool's own settings. */
  static async create(facts: ProjectFacts): Promise<Project> {
    const project = new Project(await mkdtemp(join(facts.parent, "project-")), facts);
    const { env, files } = facts.tool.setting(facts.modelOrigin);
    const worker: WrittenAgent = {
      preset: facts.tool.name,
      cwd: "work",
      env: { ...env, [facts.tool.keyVariable]: { env: KEY_VARIABLE } },
      ...(facts.mode === undefined ? {} : { mode: facts.mode }),
    };
    const config = { agents: { worker }, retry: { baseMs: 50 } };
    await project.#write("delegate.config.json", JSON.stringify(config));
    await project.#write("work/README.md", "# A project\n");
    for (const folder of Object.values(ownFolders(project.home))) {
      await mkdir(folder, { recursive: true });
    }
    for (const [path, content] of Object.entries(files)) {
      const written = typeof content === "string" ? content : JSON.stringify(content);
      await project.#write(join("home", path), written);
    }
    return project;
  }

  get home(): string {
    return join(this.folder, "home");
  }

  /** The folder in which the agent works. */
  get work(): string {
    return join(this.folder, "work");
  }

  async #write(name: string, content: string): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: 0o600 });
  }

  /** Calls the command and waits for its end. */
  async delegate(...args: readonly string[]): Promise<CliEnd> {
    const child = spawn(process.execPath, [launcher, ...args], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: this.#env,
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { exitCode: child.exitCode, stdout, stderr, outcome: () => JSON.parse(stdout) };
  }

  /** Waits until no process of a run is left. */
  async agentIsGone(runId: string): Promise<void> {
    const variable = `DELEGATE_RUN_ID=${runId}`;
    const isGone = (): boolean => processesAtHomeIn(this.home).every((each) => !each.has(variable));
    await until(isGone, `the end of all processes of ${runId}`);
  }

  /** Ends the gateway, waits until nothing that began here is left, and removes the folder. */
  async dispose(): Promise<void> {
    await this.delegate("gateway", "stop");
    const isGone = (): boolean => processesAtHomeIn(this.home).length === 0;
    await until(isGone, `the end of all processes in ${this.home}`);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function ownFolders(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    TMPDIR: join(home, "tmp"),
  };
}

/** Whoever calls the world outside asks the stand-in for the way, which says no. */
function noOtherNetwork(modelOrigin: string): Record<string, string> {
  const loopback = "127.0.0.1,localhost";
  return {
    HTTP_PROXY: modelOrigin,
    HTTPS_PROXY: modelOrigin,
    http_proxy: modelOrigin,
    https_proxy: modelOrigin,
    NO_PROXY: loopback,
    no_proxy: loopback,
    DO_NOT_TRACK: "1",
  };
}
