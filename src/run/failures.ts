import type { LeaveReason } from "../events/event.ts";
import type { Failure, FailureCode, Problem } from "../failure.ts";
import { MAX_ATTEMPTS } from "../handoff/paths.ts";
import type { Handoff } from "../handoff/document.ts";
import type { CompletionStatus, HookReply } from "../hook.ts";
import type { RunLimits } from "./request.ts";

/** What the sentences below speak of. */
export interface RunSubject {
  readonly runId: string;
  readonly agent: string;
  /** The gateway as sentences name it, such as "the local gateway". */
  readonly gatewayName: string;
  readonly limits: RunLimits;
}

/* The sentences for all that can end an attempt or a run: what happened, and what to do about it. */

export function timedOut({ agent, runId, limits }: RunSubject): Failure {
  return {
    code: "timeout",
    message: `${agent} handed nothing over within ${seconds(limits.timeoutMs)}`,
    hint: `it may still finish: delegate wait ${runId} --timeout <sec>, or give more time with --timeout`,
  };
}

export function idle({ agent, runId, limits }: RunSubject): Failure {
  return {
    code: "timeout",
    message: `${agent} gave no sign of life for ${seconds(limits.idleTimeoutMs ?? 0)}`,
    hint: `it may still finish: delegate wait ${runId} --timeout <sec>, or give more time with --idle-timeout`,
  };
}

export function deadlinePassed({ agent, runId, limits }: RunSubject): Failure {
  return {
    code: "timeout",
    message: `${agent} handed nothing over before the run's deadline of ${seconds(limits.deadlineMs ?? 0)}`,
    hint: `it may still finish: delegate wait ${runId} --timeout <sec>, or give more time with --deadline`,
  };
}

export function noHandoff({ agent, runId }: RunSubject, completion: CompletionStatus): Failure {
  return {
    code: "no_handoff",
    message: `${agent}'s run ended (${completion}) without a handoff file`,
    hint: `see what was asked with delegate show ${runId}; check that ${agent} may write into the handoff folder`,
  };
}

export function rejected(
  { agent, runId, limits }: RunSubject,
  code: "malformed" | "invalid",
  problems: readonly Problem[],
): Failure {
  const [first] = problems;
  const place = first === undefined || first.at === "" ? "" : `${first.at}: `;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const what = code === "malformed" ? "is malformed" : "is invalid";
  return {
    code,
    message: `${agent}'s handoff ${what}: ${place}${first?.message ?? "it can't be read"}${more}`,
    hint: `${again(limits)}delegate show ${runId} tells all that is wrong`,
    problems,
  };
}

export function agentFailed({ agent, runId, limits }: RunSubject, handoff: Handoff): Failure {
  return {
    code: "agent_failed",
    message: `${agent} says that it failed: ${cut(handoff.result)}`,
    hint: `${again(limits)}delegate show ${runId} has its notes; change the task if they say so`,
  };
}

export function blocked({ agent }: RunSubject, handoff: Handoff): Failure {
  const question = handoff.questions?.[0]?.text ?? handoff.result;
  return {
    code: "agent_blocked",
    message: `${agent} is blocked and asks: ${cut(question)}`,
    hint: "delegate again with the answer in the task or in a --context file",
  };
}

/** How a process leaves a run whose agent asks: the run goes on as soon as there are answers. */
export function asks(
  { agent, runId }: RunSubject,
  open: readonly { readonly id: string; readonly text: string }[],
): Failure {
  const [first] = open;
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : "";
  return {
    code: "agent_blocked",
    message: `${agent} is blocked and asks: ${cut(first?.text ?? "")}${more}`,
    hint: `delegate answer ${first?.id ?? "<questionId>"} "<answer>"${open.length > 1 ? ", the others likewise (delegate questions lists them)" : ""}, then delegate wait ${runId}`,
  };
}

export function askedTooOften({ agent }: RunSubject, handoff: Handoff, rounds: number): Failure {
  const question = handoff.questions?.[0]?.text ?? handoff.result;
  return {
    code: "agent_blocked",
    message: `${agent} has asked ${rounds} times already and asks again: ${cut(question)}`,
    hint: "delegate again with all the answers in the task or in a --context file",
  };
}

export function askedNothing({ agent }: RunSubject): Failure {
  return {
    code: "agent_blocked",
    message: `${agent} is blocked, and what it asks can't be read any more`,
    hint: "delegate again, and say in the task what it may need to know",
  };
}

export function unhealthy({ agent, gatewayName }: RunSubject, reason: string): Failure {
  return {
    code: "unreachable",
    message: `${agent} was not asked: ${gatewayName} is not healthy: ${reason}`,
    hint: "look at the gateway's log; delegate doctor checks every agent; --no-health skips this check",
  };
}

export function notReached({ agent, gatewayName }: RunSubject, reason: string): Failure {
  return {
    code: "unreachable",
    message: `${agent} was not asked: ${gatewayName} can't be reached: ${reason}`,
    hint: "start the gateway, or correct its address in the config; delegate doctor checks every agent",
  };
}

export function broken({ agent, gatewayName, runId }: RunSubject, reason: string): Failure {
  return {
    code: "send_failed",
    message: `the connection to ${gatewayName} broke after the task was sent (${reason}), so ${agent} may be working on it`,
    hint: `wait for what may come: delegate wait ${runId} --timeout <sec>`,
  };
}

export function gatewayGone({ agent, gatewayName, runId }: RunSubject, reason: string): Failure {
  return {
    code: "unreachable",
    message: `${gatewayName} went away while ${agent} was working: ${reason}`,
    hint: `if the work goes on all the same: delegate wait ${runId} --timeout <sec>; otherwise delegate again`,
  };
}

export function refused(
  { agent, gatewayName }: RunSubject,
  reply: HookReply & { kind: "refused" },
): Failure {
  return {
    code: reply.code,
    message: `${gatewayName} refused the task for ${agent}: HTTP ${reply.httpStatus}, ${reply.reason}`,
    hint: refusalHint(reply),
  };
}

function refusalHint({ httpStatus, reason }: HookReply & { kind: "refused" }): string {
  if (httpStatus === 401 || httpStatus === 403)
    return "set the agent's token to the gateway's hook token (hooks.token, not the gateway's own)";
  if (httpStatus === 404 || httpStatus === 405)
    return "turn hooks on at the gateway, or correct the agent's hookPath in the config";
  if (httpStatus === 413) return "put the material into a file and name its path in the task";
  if (/sessionKey/.test(reason))
    return "drop sessionKey from the config, or set hooks.allowRequestSessionKey and hooks.allowedSessionKeyPrefixes at the gateway";
  if (/agentId/.test(reason))
    return "correct the agent's agentId in the config, and list it in hooks.allowedAgentIds at the gateway";
  if (/channel/.test(reason))
    return "correct the agent's deliver in the config, or pass --no-deliver";
  if (httpStatus === 429 || httpStatus === 503)
    return "the gateway is busy: try again later, or with --retries 3";
  if (httpStatus >= 300 && httpStatus < 400)
    return "put the address it redirects to into the config, if you trust it";
  return "delegate doctor checks the agent's address, hook and token";
}

export function canceled({ runId }: RunSubject, by: string, reason: string | null): Failure {
  return {
    code: "canceled",
    message: `run ${runId} was canceled by ${by}${reason === null ? "" : `: ${cut(reason)}`}`,
    hint: "delegate again if the work is still wanted",
  };
}

export function folderGone({ runId }: RunSubject): Failure {
  return {
    code: "storage_failed",
    message: `the folder of run ${runId} was deleted while the run was on`,
    hint: "don't clean the handoff folder while runs are in flight; delegate again",
  };
}

export function handoffGone({ runId, agent }: Pick<RunSubject, "runId" | "agent">): Failure {
  return {
    code: "storage_failed",
    message: `run ${runId} has ended with a handoff of ${agent}, but neither it nor its copy can be read any more`,
    hint: `look into the run's folder (delegate show ${runId}), or delegate again under another run id`,
  };
}

export function messageTooLarge(
  { agent }: Pick<RunSubject, "agent">,
  bytes: number,
  limit: number,
): Failure {
  return {
    code: "usage",
    message: `the message to ${agent} is ${bytes} bytes as JSON, and a gateway takes at most ${limit}`,
    hint: "put the material into a file that the agent can read, and name its path in the task",
  };
}

export function left({ agent, runId }: RunSubject, reason: LeaveReason): Failure {
  const code = leaveCodes[reason];
  return {
    code,
    message: `${leaveWords[reason]}; ${agent} goes on with run ${runId}`,
    hint: `get the result with: delegate wait ${runId}`,
  };
}

/** More attempts help only while fewer than possible were allowed. */
function again({ attempts }: RunLimits): string {
  return attempts < MAX_ATTEMPTS ? "let it try again with --retries 2 or 3; " : "";
}

const leaveCodes = {
  not_waiting: "interrupted",
  interrupted: "interrupted",
  terminated: "terminated",
  wait_over: "still_running",
  aborted: "interrupted",
  asking: "agent_blocked",
} as const satisfies Record<LeaveReason, FailureCode>;

const leaveWords = {
  not_waiting: "not waiting for the outcome",
  interrupted: "interrupted",
  terminated: "terminated",
  wait_over: "the time to wait is over",
  aborted: "stopped waiting",
  asking: "the agent asks",
} as const satisfies Record<LeaveReason, string>;

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
