import { linkSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { newRunId } from "../src/run/ids.ts";
import { delegateCommand } from "./commands.ts";
import type { Project } from "./project.ts";

/** A file has at most so many names, on most file systems. */
const LINKS_PER_FILE = 20_000;

/** One finished run a minute, up to now. */
const BETWEEN_RUNS_MS = 60_000;

/**
 * Fills a project with finished runs: one real one, multiplied. Each has a request and a record of its own; the files
 * that nobody reads when runs are listed share their content on disk.
 */
export function createOldRuns(project: Project, count: number): void {
  const model = readModelRun(project);
  let shared = "";
  for (let index = 0; index < count; index += 1) {
    const runId = newRunId(Date.now() - (count - index) * BETWEEN_RUNS_MS, randomBytes());
    const folder = join(project.handoffDir, runId);
    mkdirSync(folder, { mode: 0o700 });
    for (const [name, content] of model.own)
      writeFileSync(join(folder, name), content.replaceAll(model.runId, runId), { mode: 0o600 });
    if (index % LINKS_PER_FILE === 0) {
      for (const [name, content] of model.shared)
        writeFileSync(join(folder, name), content, { mode: 0o600 });
      shared = folder;
    } else {
      for (const [name] of model.shared) linkSync(join(shared, name), join(folder, name));
    }
  }
}

interface ModelRun {
  readonly runId: string;
  readonly own: readonly (readonly [name: string, content: string])[];
  readonly shared: readonly (readonly [name: string, content: string])[];
}

function readModelRun(project: Project): ModelRun {
  const { file, args, cwd } = delegateCommand(project, "prompt", "Read the report.");
  spawnSync(file, args, { cwd, stdio: "ignore" });
  const [runId] = readdirSync(project.handoffDir);
  if (runId === undefined) throw new Error("no run to make others from");
  const folder = join(project.handoffDir, runId);
  const files = readdirSync(folder).map(
    (name) => [name, readFileSync(join(folder, name), "utf8")] as const,
  );
  return { runId, own: files.filter(isOwn), shared: files.filter((one) => !isOwn(one)) };
}

function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}

function isOwn([name]: readonly [name: string, content: string]): boolean {
  return name === "run.json" || name === "request.json";
}
