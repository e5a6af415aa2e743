import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** An installed OpenClaw and the Node that runs it. */
export interface InstalledGateway {
  readonly node: string;
  readonly program: string;
}

const source = join(import.meta.dirname, "gateway-package");

/** Installs OpenClaw into a folder, exactly as its lock file here says; does nothing when it is there. */
export async function installGateway(
  folder: string,
  signal: AbortSignal,
): Promise<InstalledGateway> {
  const lock = await readFile(join(source, "package-lock.json"), "utf8");
  const installed = {
    node: join(folder, "node_modules", ".bin", "node"),
    program: join(folder, "node_modules", "openclaw", "openclaw.mjs"),
  };
  const stamp = join(folder, "installed-lock.json");
  const isInstalled = existsSync(stamp) && (await readFile(stamp, "utf8")) === lock;
  if (!isInstalled) {
    await mkdir(folder, { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) {
      await copyFile(join(source, name), join(folder, name));
    }
    await runNpmCi(folder, signal);
    await writeFile(stamp, lock);
  }
  // Its own Node comes only for Linux; elsewhere the one that runs this has to do.
  return existsSync(installed.node) ? installed : { ...installed, node: process.execPath };
}

async function runNpmCi(folder: string, signal: AbortSignal): Promise<void> {
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawn("npm", ["ci", ...options], { cwd: folder, stdio: "inherit", signal });
  const [code] = await once(npm, "close");
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with code ${String(code)}`);
}
