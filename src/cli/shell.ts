import { remark } from "./terminal/remark.ts";
import type { Environment } from "../environment.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { LogSink } from "../events/log-sink.ts";
import type { Sink } from "../events/event.ts";
import type { Result } from "../failure.ts";
import type { RunTools } from "../run/ports.ts";
import { openAgentPorts } from "../local/agent-ports.ts";
import type { CommonOptions } from "./command.ts";
import type { Writer } from "./terminal/writer.ts";
import type { Crash } from "../telegram/outcome-text.ts";
import { randomBytes } from "../system/random-bytes.ts";

/** What the process gives to a command. */
export interface Shell {
  readonly env: Environment;
  readonly cwd: string;
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly clock: Clock;
  /**
   * Fires when the process is asked to leave; its reason is a `Leave`. A signal that comes before anybody has asked for
   * this ends the process as it would any other: nothing has begun, and a read from stdin may be in the way.
   */
  readonly signal: AbortSignal;
  /** Makes the process ready for HTTP; the first call of a process does it, further ones wait for it. */
  readonly prepareForHttp: () => Promise<void>;
  /** Whoever tells people elsewhere of a run, and is to tell them as well when we crash over it; with the reason. */
  readonly crashTellers: Set<(crash: Crash) => Promise<void>>;
}

/** The config that a command is to use. */
export function configFor(shell: Shell, { config }: CommonOptions): Result<Config> {
  return loadConfig({ explicitPath: config, env: shell.env, cwd: shell.cwd });
}

/** What a run needs, composed from the process; further sinks are told as well. */
export function runToolsFor(
  shell: Shell,
  config: Config,
  sinks: readonly Sink[],
  onQuestion: RunTools["onQuestion"] = "exit",
): RunTools {
  const warn = (message: string): void => remark(message, shell);
  const agents = openAgentPorts(config, shell.env);
  return {
    config,
    clock: shell.clock,
    random: Math.random,
    holds: null,
    randomBytes,
    agents: {
      ...agents,
      reach: async (agent) => {
        await shell.prepareForHttp();
        return agents.reach(agent);
      },
    },
    sinks: [new LogSink(config.logDir, warn), ...sinks],
    onQuestion,
    warn,
  };
}
