import type { AclDecision } from "../acl.ts";
import { decideAcl } from "../acl.ts";
import { toIso } from "../clock.ts";
import { commandNames } from "../command-names.ts";
import type { Agent, AgentMode, Config } from "../config/config.ts";
import { agentInMode } from "../config/read-only.ts";
import type { Failure, Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import type { Validation } from "../handoff/document.ts";
import { MAX_ATTEMPTS, runIdPattern } from "../handoff/paths.ts";
import { buildHookPayload, MAX_HOOK_BODY_BYTES } from "../gateway/hook.ts";
import type { HookPayload } from "../gateway/hook.ts";
import { nearest } from "../text/nearest.ts";
import { hookCallFor, messageFor } from "./sending/addressing.ts";
import type { ContextText } from "./sending/prompt.ts";
import type { ProcessIdentity, RunLimits, RunRequest } from "./stored/request.ts";
import { messageTooLarge } from "./failures/sending-failures.ts";

/** A wish to delegate, as a caller states it; what is null comes from the config. Times in milliseconds. */
export interface Ask {
  readonly agent: string;
  readonly task: string;
  readonly context: readonly ContextText[];
  readonly caller: string | null;
  readonly parentRunId: string | null;
  readonly runId: string | null;
  readonly workflowRunId: string | null;
  readonly stepId: string | null;
  readonly attempts: number | null;
  readonly timeoutMs: number | null;
  readonly deadlineMs: number | null;
  readonly idleTimeoutMs: number | null;
  readonly validation: Validation;
  /** A JSON Schema for the handoff's `data`, or null. */
  readonly dataSchema: unknown;
  readonly doesDeliver: boolean;
  readonly checksHealth: boolean;
  /** `plan`: the agent can only read, or there is no run. Otherwise it is as its config says. */
  readonly mode?: AgentMode;
  /** Whether the config itself names this agent for the work: then neither acl nor depth is asked. */
  readonly isAppointed?: boolean;
}

/** A delegation thought through to the end, before anything is done: it can be printed, or carried out. */
export interface RunPlan {
  readonly request: RunRequest;
  readonly agent: Agent;
  readonly decision: AclDecision;
  /** The message and the body of the first attempt. */
  readonly message: string;
  readonly payload: HookPayload;
  /** The payload as JSON. */
  readonly body: string;
}

/** What a plan needs besides the wish and the config. */
export interface PlanFacts {
  readonly newRunId: string;
  readonly nowMs: number;
  readonly createdBy: ProcessIdentity;
  /** The agents already working in the runs above this one, outermost first. */
  readonly chain: readonly string[];
}

/** Makes the plan of a delegation, or says why it can't be carried out. */
export function planRun(ask: Ask, config: Config, facts: PlanFacts): Result<RunPlan> {
  const wrong = findUsageProblem(ask);
  if (wrong !== null) return failure(wrong);
  const known = Object.hasOwn(config.agents, ask.agent) ? config.agents[ask.agent] : undefined;
  if (known === undefined) return failure(agentUnknown(ask.agent, config));
  const agent = agentInMode(known, ask.mode ?? "write");
  if (agent === null) return failure(cannotOnlyRead(known));
  const rules = ask.isAppointed === true ? { ...config, requireCaller: false } : config;
  const decision = decideAcl({ caller: ask.caller, target: ask.agent, chain: facts.chain }, rules);
  if (!decision.isAllowed) return failure(aclDenied(decision));
  const request = requestOf(ask, agent, config, facts);
  const message = messageFor(request, agent, config, 1, null);
  const payload = buildHookPayload(hookCallFor(request, agent, 1, message), false);
  const body = JSON.stringify(payload);
  const bytes = bytesOf(body);
  if (bytes > MAX_HOOK_BODY_BYTES)
    return failure(messageTooLarge(request, bytes, MAX_HOOK_BODY_BYTES));
  return success({ request, agent, decision, message, payload, body });
}

/** As UTF-8, at most; exactly where that matters. */
function bytesOf(text: string): number {
  const most = 3 * text.length;
  return most <= MAX_HOOK_BODY_BYTES ? most : new TextEncoder().encode(text).length;
}

/** The failure for an agent that nobody defined; it may be a command whose name was mistyped. */
export function agentUnknown(name: string, config: Config): Failure {
  const names = Object.keys(config.agents);
  const guess = nearest(name, [...names, ...commandNames]);
  const meant = guess === null || names.includes(guess) ? guess : `the command delegate ${guess}`;
  return {
    code: "agent_unknown",
    message: `there is no agent ${JSON.stringify(name)} in ${config.path}`,
    hint: guess === null ? `agents there: ${shownAgents(names)}` : `did you mean ${meant}?`,
  };
}

/** More than these are found faster in a list of their own. */
const MOST_SHOWN_AGENTS = 20;

function shownAgents(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, MOST_SHOWN_AGENTS).join(", ");
  const more = names.length - MOST_SHOWN_AGENTS;
  return more > 0 ? `${shown} and ${more} more; delegate agents lists them` : shown;
}

/** The failure for an agent that is asked to only read and can't be held to it. */
export function cannotOnlyRead(agent: Agent): Failure {
  const key = `"agents.${agent.name}"`;
  return {
    code: "config_invalid",
    message: `${agent.name} has no read-only mode, so it gets no task that only reads`,
    hint:
      agent.kind === "gateway"
        ? `name another agent; or, if it only has reading tools at its gateway, say "mode": "plan" in ${key}`
        : `name another agent, or give ${key} a "command" with a "planCommand" that only reads`,
  };
}

/** Whether an id given by somebody can be a run's id: it becomes a folder's name. */
export function findRunIdProblem(runId: string): Failure | null {
  return findIdProblem(runId, "run");
}

/** The same for another id, named as a user knows it. */
export function findIdProblem(id: string | null, whose: string): Failure | null {
  if (id === null || runIdPattern.test(id)) return null;
  return {
    code: "usage",
    message: `${JSON.stringify(id)} can't be a ${whose} id`,
    hint: "use 1 to 128 letters, digits, dots, dashes and underscores, a letter or digit first",
  };
}

function findUsageProblem(ask: Ask): Failure | null {
  if (ask.task.trim() === "") {
    return { code: "usage", message: "the task is empty", hint: "say what the agent is to do" };
  }
  return (
    findIdProblem(ask.runId, "run") ??
    findIdProblem(ask.parentRunId, "parent run") ??
    findIdProblem(ask.workflowRunId, "workflow") ??
    findIdProblem(ask.stepId, "step")
  );
}

function requestOf(ask: Ask, agent: Agent, config: Config, facts: PlanFacts): RunRequest {
  const { task, context, caller, parentRunId, workflowRunId, stepId, validation, dataSchema } = ask;
  return {
    schema: "delegate.request.v1",
    runId: ask.runId ?? facts.newRunId,
    createdAt: toIso(facts.nowMs),
    createdBy: facts.createdBy,
    agent: ask.agent,
    caller,
    parentRunId,
    workflowRunId,
    stepId,
    task,
    context,
    validation,
    dataSchema,
    doesDeliver: ask.doesDeliver,
    checksHealth: ask.checksHealth,
    ...(ask.mode === "plan" ? { mode: ask.mode } : {}),
    limits: limitsOf(ask, agent, config),
  };
}

function limitsOf(ask: Ask, agent: Agent, config: Config): RunLimits {
  return {
    attempts: Math.min(ask.attempts ?? config.retry.attempts, MAX_ATTEMPTS),
    timeoutMs: ask.timeoutMs ?? (agent.timeoutSeconds ?? config.timeoutSeconds) * 1000,
    deadlineMs: ask.deadlineMs,
    idleTimeoutMs: ask.idleTimeoutMs,
    retryBaseMs: config.retry.baseMs,
    retryMaxMs: config.retry.maxMs,
  };
}

/** A delegation that is not allowed, with the rule that says so. */
export function aclDenied({ reason, hint, configKey, rule }: AclDecision): Failure {
  return { code: "acl_denied", message: `${reason} (rule ${rule}, config key ${configKey})`, hint };
}
