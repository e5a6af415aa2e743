import type { Config } from "../../config/config.ts";
import type { Result } from "../../failure.ts";
import { failure } from "../../failure.ts";
import { findRunsFolderProblem } from "../../run/runs-folder.ts";
import type { CommonOptions } from "../command.ts";
import type { Shell } from "../shell.ts";
import { configFor } from "../shell.ts";

/** The config of a command that looks at runs; fails as well when their folder can't be looked at. */
export function runsConfigFor(shell: Shell, options: CommonOptions): Result<Config> {
  const config = configFor(shell, options);
  if (!config.ok) return config;
  const problem = findRunsFolderProblem(config.value.handoffDir);
  return problem === null ? config : failure(problem);
}
