import type { Config } from "../../config/config.ts";
import { openExecute } from "../../flows/steps/execute.ts";
import type { Execute } from "../../flows/work.ts";
import { success } from "../../failure.ts";
import { loadConfig } from "../../config/load.ts";
import type { Shell } from "../shell.ts";
import { runToolsFor } from "../shell.ts";
import { builtInFlowsFolder } from "./flow-folders.ts";

/** What carries out steps with the agents of a config, which is read again for each: a flow run may live for days. */
export function executeWith({ path }: Config, shell: Shell): Execute {
  return openExecute({
    runTools: () => {
      const config = loadConfig({ explicitPath: path, env: shell.env, cwd: shell.cwd });
      return config.ok ? success(runToolsFor(shell, config.value, [])) : config;
    },
    env: { ...shell.env, DELEGATE_FLOWS: builtInFlowsFolder() },
  });
}
