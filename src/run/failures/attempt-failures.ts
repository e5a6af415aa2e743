import type { Failure, Problem } from "../../failure.ts";
import type { Handoff } from "../../handoff/document.ts";
import { MAX_ATTEMPTS } from "../../handoff/paths.ts";
import type { AgentEnd } from "../../gateway/hook.ts";
import { oneLine } from "../../text/one-line.ts";
import { commandHint } from "./command-hints.ts";
import type { AttemptSubject, RunSubject } from "./failure-subject.ts";
import { QUOTED_CHARACTERS } from "./failure-subject.ts";
import type { RunLimits } from "../stored/request.ts";

/* The sentences for what an agent makes of its attempt, and for the clock that ends it. */

/** Our own gateway ends a command when its time is over; others may let their agent finish. */
export function timedOut({ agent, runId, limits, gateway }: AttemptSubject): Failure {
  const message = `${agent} handed nothing over within ${seconds(limits.timeoutMs)}`;
  return gateway.kind === "gateway"
    ? { code: "timeout", message, hint: `${mayFinish(runId)}, or give more time with --timeout` }
    : {
        code: "timeout",
        message: `${message}, and its command is ended`,
        hint: "give more time with --timeout, or a smaller task",
      };
}

export function idle({ agent, runId, limits }: RunSubject): Failure {
  return {
    code: "timeout",
    message: `${agent} gave no sign of life for ${seconds(limits.idleTimeoutMs ?? 0)}`,
    hint: `${mayFinish(runId)}, or give more time with --idle-timeout`,
  };
}

export function deadlinePassed({ agent, runId, limits }: RunSubject, isAtWork: boolean): Failure {
  return {
    code: "timeout",
    message: `${agent} handed nothing over before the run's deadline of ${seconds(limits.deadlineMs ?? 0)}`,
    hint: `${isAtWork ? `${mayFinish(runId)}, or ` : ""}give more time with --deadline`,
  };
}

export function noHandoff(
  { agent, runId }: RunSubject,
  { completion, handoffError }: AgentEnd,
): Failure {
  if (handoffError !== undefined) {
    return {
      code: "storage_failed",
      message: `${agent} has finished, but its handoff could not be written: ${handoffError}`,
      hint: "what it handed over is lost; correct that, or make room, and delegate again",
    };
  }
  return {
    code: "no_handoff",
    message: `${agent}'s run ended (${completion}) without a handoff file`,
    hint: `see what was asked with delegate show ${runId}; check that ${agent} may write into the handoff folder, and that its disk is not full`,
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

/** Where our own gateway knows what is wrong, another attempt would end the same way. */
export function agentFailed(
  { agent, runId, limits, gateway }: AttemptSubject,
  handoff: Handoff,
): Failure {
  const known = gateway.kind === "command" ? commandHint(handoff.commandProblem, agent) : null;
  return {
    code: "agent_failed",
    message: `${agent} says that it failed: ${oneLine(handoff.result, QUOTED_CHARACTERS)}`,
    hint:
      known ??
      `${again(limits)}delegate show ${runId} has its notes; change the task if they say so`,
  };
}

/** More attempts help only while fewer than possible were allowed. */
function again({ attempts }: RunLimits): string {
  if (attempts >= MAX_ATTEMPTS) return "";
  const more = Array.from({ length: MAX_ATTEMPTS - attempts }, (_, index) => attempts + 1 + index);
  return `let it try again with --retries ${more.join(" or ")}; `;
}

function mayFinish(runId: string): string {
  return `it may still finish: delegate wait ${runId} --timeout <sec>`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
