import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { WrittenConfig } from "../../src/config/written.ts";
import type { Rig } from "./rig.ts";

/** The built command, as a package would install it. */
export const launcher = resolve(import.meta.dirname, "..", "..", "bin", "launch.cjs");

/** How one call of the command ended. */
export interface CliEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout. */
  json(): Readonly<Record<string, unknown>>;
}

/** A call of the command that is still on. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
}

/** A folder with a config of its own, from which the command is called. */
export class Project {
  readonly folder: string;
  readonly configPath: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.configPath = join(folder, "delegate.config.json");
  }

  /** Makes the folder, with the rig's hook token in `hook.token` and a wrong one in `wrong.token`. */
  static async create(rig: Rig, name: string, config: WrittenConfig): Promise<Project> {
    const project = new Project(join(rig.folder, name));
    await mkdir(project.folder, { mode: 0o700 });
    await project.#write("hook.token", `${rig.hookToken}\n`);
    await project.#write("wrong.token", "not-the-token\n");
    await project.#write("delegate.config.json", JSON.stringify(config, null, 2));
    return project;
  }

  async #write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content, { mode: 0o600 });
  }

  /** Ends the thinking of the agent of a run that was told `FAKE:until=go`. */
  async letGo(runId: string): Promise<void> {
    await this.#write(join("handoffs", runId, "go"), "");
  }

  /** Calls the command and waits for its end. */
  delegate(...args: readonly string[]): Promise<CliEnd> {
    return this.start(...args).ended;
  }

  /** Delegates a task. A busy gateway may need longer than the 5 s in which it has to tell of its health: it is not asked. */
  start(...args: readonly string[]): RunningCli {
    const isDelegation = !["wait", "doctor"].includes(args[0] ?? "");
    return this.startAsIs(isDelegation ? [...args, "--no-health"] : args);
  }

  /** Calls the command. */
  startAsIs(args: readonly string[]): RunningCli {
    const child = spawn(process.execPath, [launcher, ...args], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: ownEnvironment(),
    });
    const outputs = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
    const ended = outputs.then(([stdout, stderr]) => ({
      exitCode: child.exitCode,
      stdout,
      stderr,
      json: () => JSON.parse(stdout),
    }));
    return { child, ended };
  }
}

function ownEnvironment(): Record<string, string | undefined> {
  const variables = Object.entries(process.env);
  return Object.fromEntries(variables.filter(([name]) => !name.startsWith("DELEGATE_")));
}
