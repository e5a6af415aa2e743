import type { Environment } from "../environment.ts";
import { lstatSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";

/** The name that a config has wherever it is looked for. */
export const CONFIG_FILE_NAME = "delegate.config.json";

/** What decides which config is used. */
export interface ConfigSearch {
  /** What `--config` says, or null. */
  readonly explicitPath: string | null;
  readonly env: Environment;
  readonly cwd: string;
}

/** Finds the config: the one named, else the nearest one upwards, else the user's own. A named one need not exist. */
export function locateConfig({ explicitPath, env, cwd }: ConfigSearch): Result<string> {
  const named = explicitPath ?? (env["DELEGATE_CONFIG"] || null);
  if (named === "") {
    return failure({
      code: "config_invalid",
      message: "--config names no file",
      hint: `pass the path of a ${CONFIG_FILE_NAME}`,
    });
  }
  if (named !== null) return success(resolve(cwd, named));
  const candidates = [...upwards(resolve(cwd)), userConfigFolder(env)];
  const folder = candidates.find((each) => each !== null && exists(join(each, CONFIG_FILE_NAME)));
  if (typeof folder === "string") return success(join(folder, CONFIG_FILE_NAME));
  return failure({
    code: "config_invalid",
    message: `there is no ${CONFIG_FILE_NAME} in ${cwd} or any folder above it`,
    hint: "delegate init writes one to start from; --config <file> names another",
  });
}

/** The folder of the user's own config, or null when there is no home. A relative XDG path counts as unset. */
function userConfigFolder(env: ConfigSearch["env"]): string | null {
  const xdg = env["XDG_CONFIG_HOME"];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "delegate");
  const home = homeFolder(env);
  return home === null ? null : join(home, ".config", "delegate");
}

/** The user's home folder, or null. */
export function homeFolder(env: ConfigSearch["env"]): string | null {
  const home = env["HOME"] || env["USERPROFILE"];
  return home !== undefined && isAbsolute(home) ? home : null;
}

function upwards(folder: string): string[] {
  const folders = [folder];
  for (let current = folder; dirname(current) !== current;) {
    current = dirname(current);
    folders.push(current);
  }
  return folders;
}

/** A link to nowhere is there, and is told to be broken; a folder that we may not look into holds no config for us. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
