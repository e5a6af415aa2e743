import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import type { Agent, CommandAgent, GatewayAgent } from "../../config/config.ts";
import { readToken } from "../../config/token.ts";
import { probeHook } from "./probe.ts";
import type { Shell } from "../shell.ts";
import type { Check } from "./check.ts";
import { fail, ok, warn } from "./check.ts";
import { judgeHook } from "./judge-hook.ts";

/** Whether an agent could work, without letting it. */
export async function checkAgent(agent: Agent, shell: Shell): Promise<readonly Check[]> {
  const subject = `agent ${agent.name}`;
  return agent.kind === "gateway"
    ? checkGatewayAgent(subject, agent, shell)
    : checkCommandAgent(subject, agent, shell);
}

async function checkGatewayAgent(
  subject: string,
  agent: GatewayAgent,
  shell: Shell,
): Promise<readonly Check[]> {
  const token = readToken(agent.token, shell.env);
  if (!token.ok) return [fail(subject, token.failure.message, token.failure.hint)];
  const none =
    token.value === null
      ? [
          warn(
            subject,
            "it has no token",
            'add "token": {"env": …} to the agent, if its gateway wants one',
          ),
        ]
      : [];
  const { origin, hookPath } = agent;
  const probe = await probeHook({ origin, hookPath, token: token.value }, shell.signal);
  return [...none, ...judgeHook(subject, `${origin}${hookPath}`, probe)];
}

async function checkCommandAgent(
  subject: string,
  agent: CommandAgent,
  shell: Shell,
): Promise<readonly Check[]> {
  const [program = ""] = agent.command;
  const found = findProgram(program, agent.cwd, shell.env["PATH"] ?? "");
  return [
    found === null ? noProgram(subject, program, agent.cwd) : ok(subject, `${found} is there`),
    ...(statSync(agent.cwd, { throwIfNoEntry: false })?.isDirectory()
      ? []
      : [fail(subject, `its cwd ${agent.cwd} is no folder`, "correct cwd in the config")]),
  ];
}

function noProgram(subject: string, program: string, cwd: string): Check {
  if (program.includes("/") && isFile(resolve(cwd, program)))
    return fail(subject, `${program} may not be executed`, `chmod +x ${resolve(cwd, program)}`);
  const hint = "install it, or write its absolute path into the config";
  return fail(subject, `the command ${program} is not found`, hint);
}

function findProgram(program: string, cwd: string, path: string): string | null {
  if (program.includes("/")) {
    const file = resolve(cwd, program);
    return isExecutable(file) ? file : null;
  }
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => `${folder}/${program}`).find(isExecutable) ?? null;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(file: string): boolean {
  if (!isFile(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
