import type { Config } from "../../config/config.ts";
import { openExecute } from "../../flows/steps/execute.ts";
import type { Execute } from "../../flows/work.ts";
import type { Result } from "../../failure.ts";
import { success } from "../../failure.ts";
import { loadConfig } from "../../config/load.ts";
import type { Shell } from "../shell.ts";
import { runToolsFor } from "../shell.ts";
import { builtInFlowsFolder } from "./flow-folders.ts";

/** Many steps may begin within this time; the config is not read for each of them. */
const FRESH_FOR_MS = 500;

/** Carries out steps with the agents of a config, which is read again and again: a flow run may live for days. */
export function executeWith({ path }: Config, shell: Shell): Execute {
  let config: Result<Config> | null = null;
  let readAtMs = 0;
  const readConfig = (): Result<Config> => {
    const nowMs = performance.now();
    if (config?.ok === true && nowMs - readAtMs < FRESH_FOR_MS) return config;
    readAtMs = nowMs;
    config = loadConfig({ explicitPath: path, env: shell.env, cwd: shell.cwd });
    return config;
  };
  return openExecute({
    runTools: () => {
      const read = readConfig();
      return read.ok ? success(runToolsFor(shell, read.value, [])) : read;
    },
    env: { ...shell.env, DELEGATE_FLOWS: builtInFlowsFolder() },
  });
}
