import { DEFAULT_HOOK_PATH } from "../hook.ts";
import { kindOf } from "./agent-rules.ts";
import type { Agent, CommandAgent, Config, GatewayAgent } from "./config.ts";
import { dictionary } from "./dictionary.ts";
import { readGatewayUrl } from "./gateway-url.ts";
import type { AgentEntry } from "./merge.ts";
import { isProgramPath } from "./named-paths.ts";
import { normalizeMessengers, normalizeToken } from "./normalize-messengers.ts";
import { resolvePreset } from "./presets.ts";
import type { WrittenAgent, WrittenConfig } from "./written.ts";

/** Where the config lies, and how its paths become absolute. */
export interface Place {
  readonly path: string;
  readonly resolvePath: (path: string) => string;
}

/**
 * The config with every default filled in and every path absolute. Agents that break a rule are left out; the rules
 * say why.
 */
export function normalizeConfig(
  written: WrittenConfig,
  entries: readonly AgentEntry[],
  { path, resolvePath }: Place,
): Config {
  const handoffDir = resolvePath(written.handoffDir ?? "handoffs");
  const agents = entries.flatMap((entry) => {
    const agent = normalizeAgent(entry, { handoffDir, resolvePath });
    return agent === null ? [] : [[entry.name, agent] as const];
  });
  const baseMs = written.retry?.baseMs ?? 3000;
  return {
    path,
    handoffDir,
    logDir: resolvePath(written.logDir ?? "logs"),
    agents: dictionary(agents),
    acl: dictionary(Object.entries(written.acl ?? {})),
    requireCaller: written.requireCaller ?? false,
    maxDepth: written.maxDepth ?? 3,
    timeoutSeconds: written.timeoutSeconds ?? 300,
    retry: {
      attempts: written.retry?.attempts ?? 1,
      baseMs,
      maxMs: written.retry?.maxMs ?? Math.max(60_000, baseMs),
    },
    watch: written.watch ?? "notify",
    gateway: {
      maxConcurrent: written.gateway?.maxConcurrent ?? 8,
      idleSeconds: written.gateway?.idleSeconds ?? 300,
    },
    ...normalizeMessengers(written, entries, resolvePath),
    questions: normalizeQuestions(written),
  };
}

function normalizeQuestions({ questions }: WrittenConfig): Config["questions"] {
  if (questions === undefined) return null;
  return {
    foreman: questions.foreman ?? null,
    confidence: questions.confidence ?? "high",
    otherwise: questions.then ?? "person",
    ageMinutes: questions.ageMinutes ?? 30,
    escalateTo: questions.escalateTo ?? [],
  };
}

interface Folders {
  readonly handoffDir: string;
  readonly resolvePath: (path: string) => string;
}

function normalizeAgent({ name, written }: AgentEntry, folders: Folders): Agent | null {
  const kind = kindOf(written);
  if (kind === "gateway") return normalizeGatewayAgent(name, written, folders);
  return kind === "command" ? normalizeCommandAgent(name, written, folders) : null;
}

function normalizeGatewayAgent(
  name: string,
  written: WrittenAgent,
  { resolvePath }: Folders,
): GatewayAgent | null {
  const url = readGatewayUrl(written.url ?? `http://127.0.0.1:${written.port}`);
  if (!url.ok) return null;
  const { token } = written;
  return {
    kind: "gateway",
    name,
    origin: url.origin,
    hookPath: written.hookPath ?? DEFAULT_HOOK_PATH,
    agentId: written.agentId ?? name,
    token: token === undefined ? null : normalizeToken(token, resolvePath),
    agentHandoffDir: written.agentHandoffDir?.replace(/(?<=.)[\\/]+$/, "") ?? null,
    deliver: written.deliver ?? null,
    sessionKey: written.sessionKey ?? null,
    timeoutSeconds: written.timeoutSeconds ?? null,
  };
}

function normalizeCommandAgent(
  name: string,
  written: WrittenAgent,
  { handoffDir, resolvePath }: Folders,
): CommandAgent | null {
  const call = commandCall(written);
  const [program, ...rest] = call?.argv ?? [];
  if (call === null || program === undefined) return null;
  const command = [isProgramPath(program) ? resolvePath(program) : program, ...rest];
  return {
    kind: "command",
    name,
    command: command.map((argument) => argument.replaceAll("{handoffDir}", handoffDir)),
    handoff: call.handoff,
    prompt: call.prompt,
    cwd: resolvePath(written.cwd ?? "."),
    env: call.env,
    preset: written.preset ?? null,
    mode: written.mode ?? "write",
    maxOutputBytes: written.maxOutputBytes ?? 16 * 1024 * 1024,
    timeoutSeconds: written.timeoutSeconds ?? null,
  };
}

interface CommandCall extends Pick<CommandAgent, "handoff" | "prompt" | "env"> {
  readonly argv: readonly string[];
}

/** What is run: the preset's call, or the command; in plan mode never anything but what can only read. */
function commandCall(written: WrittenAgent): CommandCall | null {
  const mode = written.mode ?? "write";
  if (written.preset === undefined) {
    const argv = mode === "plan" ? written.planCommand : written.command;
    if (argv === undefined) return null;
    return {
      argv,
      handoff: mode === "plan" ? "stdout" : (written.handoff ?? "file"),
      prompt: written.prompt ?? "stdin",
      env: written.env ?? {},
    };
  }
  const preset = resolvePreset(written.preset, mode);
  if (!preset.ok) return null;
  const { program, args, last, env, prompt, handoff } = preset.value;
  return {
    argv: [written.program ?? program, ...args, ...(written.args ?? []), ...last],
    handoff: mode === "plan" ? "stdout" : (written.handoff ?? handoff),
    prompt,
    env: mode === "plan" ? { ...written.env, ...env } : { ...env, ...written.env },
  };
}
