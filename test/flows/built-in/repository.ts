import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FlowProject } from "../scenarios/project.ts";

/** An agent of the tests, a program that prints its handoff. */
export function agent(name: string, ...words: readonly string[]) {
  const path = new URL(`../agents/${name}.ts`, import.meta.url).pathname;
  return { command: [process.execPath, path, ...words], handoff: "stdout" };
}

/** One that can be held to reading. */
export function reader(name: string, ...words: readonly string[]) {
  const { command, handoff } = agent(name, ...words);
  return { command, planCommand: command, handoff };
}

/** A git repository in the project's folder, with all that is there committed but what delegate keeps. */
export class Repository {
  readonly #project: FlowProject;

  constructor(project: FlowProject, files: Readonly<Record<string, string>>) {
    this.#project = project;
    project.rig.write(".gitignore", "token\n");
    for (const [name, content] of Object.entries(files)) project.rig.write(name, content);
    this.git("init", "-q");
    this.git("config", "user.name", "Ada");
    this.git("config", "user.email", "ada@localhost");
    this.git("add", "-A");
    this.git("commit", "-q", "-m", "Begin");
  }

  git(...words: readonly string[]): string {
    const { folder } = this.#project.rig;
    return execFileSync("git", words, {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
    });
  }

  /** What is neither committed nor ignored. */
  status(): string {
    return this.git("status", "--porcelain");
  }

  /** The commits' subjects, newest first. */
  subjects(): readonly string[] {
    return this.git("log", "--format=%s").trimEnd().split("\n");
  }

  /** The messages that the coder has got, in order. */
  coderMessages(): readonly string[] {
    const path = join(this.#project.rig.folder, ".git/coder-messages.md");
    return readFileSync(path, "utf8").split("\n\u0000\n").slice(0, -1);
  }
}
