import { DEFAULT_HOOK_PATH } from "../gateway/hook.ts";
import { kindOf } from "./agent-rules.ts";
import type {
  Agent,
  AgentMode,
  CommandAgent,
  CommandCall,
  Config,
  GatewayAgent,
} from "./config.ts";
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
    flows: normalizeFlows(written, resolvePath),
    store:
      written.store === undefined
        ? null
        : {
            postgres: normalizeToken(written.store.postgres, resolvePath),
            agentsElsewhere: written.store.agentsElsewhere ?? [],
          },
  };
}

function normalizeFlows(
  { flows }: WrittenConfig,
  resolvePath: Place["resolvePath"],
): Config["flows"] {
  const { steps = 8, agents = {}, groups = {} } = flows?.limits ?? {};
  return {
    dir: resolvePath(flows?.dir ?? "flows"),
    limits: {
      steps,
      agents: dictionary(Object.entries(agents)),
      groups: dictionary(Object.entries(groups)),
    },
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
    mode: written.mode ?? "write",
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
  folders: Folders,
): CommandAgent | null {
  const mode = written.mode ?? "write";
  const call = normalizeCall(written, mode, folders);
  if (call === null) return null;
  return {
    ...call,
    kind: "command",
    name,
    cwd: folders.resolvePath(written.cwd ?? "."),
    preset: written.preset ?? null,
    mode,
    planCall: normalizeCall(written, "plan", folders),
    maxOutputBytes: written.maxOutputBytes ?? 16 * 1024 * 1024,
    timeoutSeconds: written.timeoutSeconds ?? null,
  };
}

function normalizeCall(
  written: WrittenAgent,
  mode: AgentMode,
  { handoffDir, resolvePath }: Folders,
): CommandCall | null {
  const call = commandCall(written, mode);
  const [program, ...rest] = call?.command ?? [];
  if (call === null || program === undefined) return null;
  const command = [isProgramPath(program) ? resolvePath(program) : program, ...rest];
  return {
    ...call,
    command: command.map((argument) => argument.replaceAll("{handoffDir}", handoffDir)),
  };
}

/** What is run: the preset's call, or the command; in plan mode never anything but what can only read. */
function commandCall(written: WrittenAgent, mode: AgentMode): CommandCall | null {
  if (written.preset === undefined) {
    const command = mode === "plan" ? written.planCommand : written.command;
    if (command === undefined) return null;
    return {
      command,
      handoff: mode === "plan" ? "stdout" : (written.handoff ?? "file"),
      prompt: written.prompt ?? "stdin",
      env: written.env ?? {},
    };
  }
  const preset = resolvePreset(written.preset, mode);
  if (!preset.ok) return null;
  const { program, args, last, env, prompt, handoff } = preset.value;
  return {
    command: [written.program ?? program, ...args, ...ownArguments(written, mode), ...last],
    handoff: mode === "plan" ? "stdout" : (written.handoff ?? handoff),
    prompt,
    env: mode === "plan" ? { ...written.env, ...env } : { ...env, ...written.env },
  };
}

/** What was given for writing may lift a read-only mode, so it does not go along into one. */
function ownArguments({ args = [], planArgs, mode }: WrittenAgent, asked: AgentMode) {
  return asked === "write" ? args : (planArgs ?? (mode === "plan" ? args : []));
}
