import type { RunHappening } from "../../events/event.ts";
import type { Failure } from "../../failure.ts";
import type { HookReply } from "../../gateway/hook.ts";
import { unreachable } from "../../unreachable.ts";
import type { Surroundings } from "./ending.ts";
import { failAttempt } from "./ending.ts";
import * as words from "../failures/sending-failures.ts";
import type { RunState } from "./state.ts";

/** What became of sending an attempt. */
export type SendResult =
  | { readonly kind: "reply"; readonly reply: HookReply }
  | { readonly kind: "unhealthy"; readonly reason: string }
  | { readonly kind: "not_reached"; readonly reason: string }
  /** The request left and its connection broke, also that of the same request sent again. */
  | { readonly kind: "broken"; readonly reason: string }
  /** The request left, and the gateway said nothing in its time. */
  | { readonly kind: "unanswered"; readonly reason: string }
  /** It could not be sent at all, for a reason of ours. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** Where the agent may be at work already, a new attempt could do the work twice. */
const notAgain = { isRetryable: false, retryAfterMs: null } as const;

/** What follows from sending an attempt. */
export function decideSent(
  state: RunState,
  attempt: number,
  result: SendResult,
  around: Surroundings,
): readonly RunHappening[] {
  switch (result.kind) {
    case "reply":
      return result.reply.kind === "admitted"
        ? admit(attempt, result.reply)
        : failAttempt(state, attempt, words.refused(around, result.reply), around, {
            isRetryable: result.reply.isRetryable,
            retryAfterMs: result.reply.retryAfterMs,
          });
    case "unhealthy":
      return failAttempt(state, attempt, words.unhealthy(around, result.reason), around);
    case "not_reached":
      return failAttempt(state, attempt, words.notReached(around, result.reason), around);
    case "broken":
      return failAttempt(state, attempt, words.broken(around, result.reason), around, notAgain);
    case "unanswered":
      return failAttempt(state, attempt, words.unanswered(around, result.reason), around, notAgain);
    case "failed":
      return failAttempt(state, attempt, result.failure, around, notAgain);
    default:
      return unreachable(result);
  }
}

function admit(attempt: number, reply: HookReply & { kind: "admitted" }): readonly RunHappening[] {
  const { gatewayRunId, isIdempotent, agentEnd } = reply;
  const admitted = { type: "attempt_admitted", attempt, gatewayRunId, isIdempotent } as const;
  return agentEnd === null ? [admitted] : [admitted, { type: "agent_ended", attempt, ...agentEnd }];
}
