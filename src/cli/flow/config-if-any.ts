import type { Config } from "../../config/config.ts";
import { locateConfig } from "../../config/locate.ts";
import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import type { CommonOptions } from "../command.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";

/** The config of a command that can do without one: null when there is none to be found. */
export function configIfAny(options: CommonOptions, shell: Shell): Result<Config | null> {
  const { env, cwd } = shell;
  const located = locateConfig({ explicitPath: options.config, env, cwd });
  return located.ok || options.config !== null ? configFor(shell, options) : success(null);
}
