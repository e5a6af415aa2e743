import { openAgentPorts } from "../../../src/local/agent-ports.ts";
import { loadConfig } from "../../../src/config/load.ts";
import type { Result } from "../../../src/failure.ts";
import { success } from "../../../src/failure.ts";
import { openExecute } from "../../../src/flows/steps/execute.ts";
import type { Execute } from "../../../src/flows/work.ts";
import type { Environment } from "../../../src/environment.ts";
import { randomBytes } from "../../../src/system/random-bytes.ts";
import type { RunTools } from "../../../src/run/ports.ts";
import { monotonicClock } from "../../../src/system/monotonic-clock.ts";

/** What steps of the config at this path are carried out with. */
export function executeWith(
  configPath: string,
  warn: (message: string) => void = () => undefined,
  env: Environment = process.env,
): Execute {
  const runTools = (): Result<RunTools> => {
    const config = loadConfig({ explicitPath: configPath, env: {}, cwd: "/" });
    if (!config.ok) return config;
    return success({
      config: config.value,
      clock: monotonicClock,
      random: Math.random,
      randomBytes,
      agents: openAgentPorts(config.value, env),
      holds: null,
      sinks: [],
      onQuestion: "exit",
      warn,
    });
  };
  return openExecute({ runTools, env });
}
