import type { Environment } from "../environment.ts";
import type { CommandAgent } from "../config/config.ts";
import type { CommandProblem } from "../run/failures/command-hints.ts";
import type { MessageHeader } from "../run/sending/prompt-header.ts";
import { withoutRunVariables } from "./run-variables.ts";

/** What a command is made of. */
export interface CommandFacts {
  readonly agent: CommandAgent;
  readonly message: string;
  /** The message's first lines, or null when it names no handoff file of ours. */
  readonly header: MessageHeader | null;
  /** The gateway's own name for this run. */
  readonly gatewayRunId: string;
  readonly gatewayPid: number;
  /** When the system says that the gateway's process began, or null where that is unknown. */
  readonly gatewayStart: string | null;
  readonly configPath: string;
  /** The folder with the program `delegate`. */
  readonly programsFolder: string;
  /** The gateway's environment. */
  readonly env: Environment;
  /** What stands between the folders of PATH. */
  readonly pathDelimiter: string;
}

/** A command as the system takes it. */
export interface PreparedCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | null;
  readonly marker: string;
}

/** Why a command can't be made. */
export interface PreparationProblem {
  readonly kind: CommandProblem;
  readonly problem: string;
}

/** What Linux takes in one argument, without its final zero byte. */
const MAX_ARGUMENT_BYTES = 131_071;

/** The command of an agent for one message, or why there can be none. */
export function prepareCommand(facts: CommandFacts): PreparedCommand | PreparationProblem {
  const { agent, message, gatewayRunId } = facts;
  const [program, ...args] = agent.command;
  if (program === undefined) {
    return { kind: "no_command", problem: "the agent's command is empty" };
  }
  const env = buildEnvironment(facts);
  if ("problem" in env) return env;
  const prepared = { program, env: env.variables, marker: `DELEGATE_GATEWAY_RUN=${gatewayRunId}` };
  if (agent.prompt === "stdin") return { ...prepared, args, stdin: message };
  const bytes = new TextEncoder().encode(message).length;
  if (bytes > MAX_ARGUMENT_BYTES) {
    return {
      kind: "argument_too_long",
      problem: `the message is ${bytes} bytes long, and an argument may have ${MAX_ARGUMENT_BYTES}`,
    };
  }
  if (message.includes("\0")) {
    return {
      kind: "zero_byte",
      problem: "the message contains a zero byte, which no argument may have",
    };
  }
  return { ...prepared, args: [...args, message], stdin: null };
}

function buildEnvironment(
  facts: CommandFacts,
): { readonly variables: Record<string, string> } | PreparationProblem {
  const { agent, header, env } = facts;
  const variables = withoutRunVariables(env);
  for (const [name, value] of Object.entries(agent.env)) {
    const text = typeof value === "string" ? value : env[value.env];
    if (text === undefined) {
      const source = typeof value === "string" ? name : value.env;
      return {
        kind: "variable_not_set",
        problem: `the variable ${source} is not set in the environment of the local gateway`,
      };
    }
    variables[name] = text;
  }
  const path = variables["PATH"];
  return {
    variables: {
      ...variables,
      PATH:
        path === undefined || path === ""
          ? facts.programsFolder
          : `${facts.programsFolder}${facts.pathDelimiter}${path}`,
      DELEGATE_AGENT: agent.name,
      DELEGATE_CALLER: agent.name,
      DELEGATE_CONFIG: facts.configPath,
      DELEGATE_GATEWAY_PID: `${facts.gatewayPid}`,
      ...(facts.gatewayStart === null ? {} : { DELEGATE_GATEWAY_START: facts.gatewayStart }),
      DELEGATE_GATEWAY_RUN: facts.gatewayRunId,
      ...(header === null
        ? {}
        : {
            DELEGATE_RUN_ID: header.runId,
            DELEGATE_PARENT_RUN: header.runId,
            DELEGATE_HANDOFF_PATH: header.handoffPath,
          }),
    },
  };
}
