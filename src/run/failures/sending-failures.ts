import type { Failure } from "../../failure.ts";
import type { HookReply } from "../../gateway/hook.ts";
import type { AttemptSubject, RunSubject } from "./failure-subject.ts";

/* The sentences for all that can go wrong between a run and its agent's gateway. */

export function unhealthy(subject: AttemptSubject, reason: string): Failure {
  return {
    code: "unreachable",
    message: `${nameOfGateway(subject)} is not healthy: ${reason}`,
    hint: "look at the gateway's log; delegate doctor checks every agent; --no-health skips this check",
  };
}

export function notReached(subject: AttemptSubject, reason: string): Failure {
  return {
    code: "unreachable",
    message: `${nameOfGateway(subject)} can't be reached: ${reason}`,
    hint:
      subject.gateway.kind === "gateway"
        ? "start the gateway, or correct its address in the config; delegate doctor checks every agent"
        : localHint,
  };
}

/** After a break it is not known whether the task has arrived. */
export function broken(subject: AttemptSubject, reason: string): Failure {
  return {
    code: "send_failed",
    message: `the connection to ${nameOfGateway(subject)} broke after the task was sent (${reason}), so ${subject.agent} may be working on it`,
    hint: waitingHint(subject),
  };
}

/** A gateway that has the task, and says nothing. */
export function unanswered(subject: AttemptSubject, reason: string): Failure {
  return {
    code: "send_failed",
    message: `${nameOfGateway(subject)} was sent the task and does not say whether it takes it (${reason}), so ${subject.agent} may be working on it`,
    hint: `${waitingHint(subject)}; the gateway's log may tell why`,
  };
}

export function gatewayGone(subject: AttemptSubject, reason: string): Failure {
  const { agent, runId } = subject;
  return {
    code: "unreachable",
    message: `${nameOfGateway(subject)} went away while ${agent} was working: ${reason}`,
    hint: `if the work goes on all the same: delegate wait ${runId} --timeout <sec>; otherwise delegate again`,
  };
}

type Refusal = HookReply & { kind: "refused" };

export function refused(subject: AttemptSubject, reply: Refusal): Failure {
  return {
    code: reply.code,
    message: `${nameOfGateway(subject)} refused the task: HTTP ${reply.httpStatus}, ${reply.reason}`,
    hint: subject.gateway.kind === "gateway" ? refusalHint(reply) : localRefusalHint(reply),
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

function nameOfGateway({ agent, gateway }: AttemptSubject): string {
  return gateway.kind === "gateway"
    ? `the gateway of ${agent} at ${gateway.address}`
    : `the local gateway of ${agent}`;
}

function waitingHint({ runId }: RunSubject): string {
  return `wait for what may come: delegate wait ${runId} --timeout <sec>`;
}

const localHint =
  "delegate gateway status tells how it is; after delegate gateway stop the next delegation starts it anew";

function localRefusalHint({ httpStatus }: Refusal): string {
  if (httpStatus === 413) return fileHint;
  if (httpStatus === 503)
    return "all its places are taken: try again later, with --retries 3, or raise gateway.maxConcurrent in the config";
  return localHint;
}

const fileHint = "put the material into a file and name its path in the task";

function refusalHint({ httpStatus, reason }: Refusal): string {
  if (httpStatus === 401 || httpStatus === 403)
    return "set the agent's token to the gateway's hook token (hooks.token, not the gateway's own)";
  if (httpStatus === 404 || httpStatus === 405)
    return "turn hooks on at the gateway, or correct the agent's hookPath in the config";
  if (httpStatus === 413) return fileHint;
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
