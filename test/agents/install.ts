import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentTool } from "./catalog.ts";

const locks = join(import.meta.dirname, "tools");

/** Where an installed tool's program is. */
export function programFolder(cache: string, name: string): string {
  return join(cache, name, "node_modules", ".bin");
}

/** Installs a tool exactly as its lock file here says; false when it was there already. */
export async function installTool(
  { name, installScript }: AgentTool,
  cache: string,
  signal: AbortSignal,
): Promise<boolean> {
  const folder = join(cache, name);
  const lock = await readFile(join(locks, name, "package-lock.json"), "utf8");
  const stamp = join(folder, "installed-lock.json");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === lock) return false;
  await mkdir(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    await copyFile(join(locks, name, file), join(folder, file));
  }
  // Not `npm ci`: it refuses a lock file without the packages for other systems, which not every registry has.
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["install", ...options], folder, signal);
  if (installScript !== null) {
    await run(process.execPath, [join("node_modules", installScript)], folder, signal);
  }
  await writeFile(stamp, lock);
  return true;
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(program, args, { cwd, signal, stdio: ["ignore", 2, 2] });
  const [code] = await once(child, "close");
  if (code !== 0)
    throw new Error(`${program} ${args[0] ?? ""} in ${cwd} ended with ${String(code)}`);
}
