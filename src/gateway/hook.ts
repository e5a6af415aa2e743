import type { Fields } from "../json/fields.ts";
import { isFields, parseFields } from "../json/fields.ts";
import type { FailureCode } from "../failure.ts";
import { oneLine } from "../text/one-line.ts";

/** The largest request body a gateway's hook takes, in bytes (OpenClaw answers 413 above it). */
export const MAX_HOOK_BODY_BYTES = 262_144;

/** Milliseconds for an admission, also when it has to be asked for again; a gateway itself may need 15 s to say that it has no place. */
export const ADMISSION_TIMEOUT_MS = 20_000;

/** Says to the local gateway for how many milliseconds a call waits for a place at most; OpenClaw's knows no such thing. */
export const ADMISSION_HEADER = "x-delegate-admission-ms";

/** Milliseconds that a caller who does not stay waits for a place: agents' tools cut off what takes 10 s. */
export const SHORT_ADMISSION_MS = 6_000;

/** Where a hook lives when nothing else is configured. */
export const DEFAULT_HOOK_PATH = "/hooks/agent";

/** Where the local gateway takes what an agent may only read for; OpenClaw's has no such thing. */
export const PLAN_HOOK_PATH = `/plan${DEFAULT_HOOK_PATH}`;

/** Where the local gateway takes the wish to end a run; OpenClaw's has no such thing. */
export const CANCEL_PATH = "/cancel";

/** The JSON body of a hook call. */
export interface HookPayload {
  readonly message: string;
  readonly name: string;
  readonly agentId: string;
  readonly deliver: boolean;
  readonly channel?: string;
  readonly to?: string;
  readonly wakeMode: "next-heartbeat";
  /** Seconds after which the gateway stops the agent; must be a JSON number, a string is ignored. */
  readonly timeoutSeconds: number;
  readonly waitForCompletion: boolean;
  readonly idempotencyKey: string;
  readonly sessionKey?: string;
}

/** What a hook call says besides the message. */
export interface HookCall {
  readonly message: string;
  readonly agentId: string;
  readonly timeoutSeconds: number;
  readonly idempotencyKey: string;
  readonly deliver: { readonly channel: string; readonly to: string } | null;
  readonly sessionKey: string | null;
}

/** The payload of a hook call; a channel is named only when the reply is to be delivered there. */
export function buildHookPayload(call: HookCall, waitForCompletion: boolean): HookPayload {
  return {
    message: call.message,
    name: "delegate",
    agentId: call.agentId,
    deliver: call.deliver !== null,
    ...call.deliver,
    wakeMode: "next-heartbeat",
    timeoutSeconds: call.timeoutSeconds,
    waitForCompletion,
    idempotencyKey: call.idempotencyKey,
    ...(call.sessionKey === null ? {} : { sessionKey: call.sessionKey }),
  };
}

/** How the agent's own run ended, as the gateway tells it; says nothing about a handoff. */
export type CompletionStatus = "ok" | "error" | "skipped";

/** The end of the agent's own run. */
export interface AgentEnd {
  readonly completion: CompletionStatus;
  /** Why our own gateway could not write the handoff that was due; only there when it could not. */
  readonly handoffError?: string;
}

/** What a gateway's answer to a hook call means. */
export type HookReply =
  | {
      readonly kind: "admitted";
      readonly gatewayRunId: string | null;
      /** Whether the same key sent again is known to start no second run (HTTP 200, not 202). */
      readonly isIdempotent: boolean;
      /** Null when the gateway does not hold its answer until then. */
      readonly agentEnd: AgentEnd | null;
    }
  | {
      readonly kind: "refused";
      readonly httpStatus: number;
      readonly reason: string;
      readonly code: FailureCode;
      readonly isRetryable: boolean;
      /** Milliseconds the gateway asks to wait, or null. */
      readonly retryAfterMs: number | null;
    };

/** A whole HTTP answer, as far as it matters here. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly retryAfter: string | null;
}

/** Reads a gateway's answer: HTTP 200 and 202 that say `ok` admit, everything else refuses. */
export function interpretReply(answer: HttpAnswer, nowMs: number): HookReply {
  const body = parseFields(answer.body);
  if ((answer.status === 200 || answer.status === 202) && body?.["ok"] === true) {
    return {
      kind: "admitted",
      gatewayRunId: typeof body["runId"] === "string" ? body["runId"] : null,
      isIdempotent: answer.status === 200,
      agentEnd: readCompletion(body["completion"]),
    };
  }
  const retryable = retryableStatuses.has(answer.status);
  return {
    kind: "refused",
    httpStatus: answer.status,
    reason: describeRefusal(answer, body),
    code: answer.status === 401 || answer.status === 403 ? "unauthorized" : "send_failed",
    isRetryable: retryable,
    retryAfterMs: retryable ? parseRetryAfterMs(answer.retryAfter, nowMs) : null,
  };
}

const retryableStatuses: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504]);

/** The longest rest that a gateway may ask for: a day. What it says beyond that can't be meant. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** Milliseconds of a `Retry-After` header, in seconds or as an HTTP date; null when there is none. */
export function parseRetryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS);
}

function readCompletion(value: unknown): AgentEnd | null {
  if (!isFields(value)) return null;
  const { status, handoffError } = value;
  if (status !== "ok" && status !== "error" && status !== "skipped") return null;
  return typeof handoffError === "string"
    ? { completion: status, handoffError: oneLine(handoffError, REASON_CHARACTERS) }
    : { completion: status };
}

const REASON_CHARACTERS = 300;

/** Gateways answer errors in three shapes: `{ok, error}`, `{error: {message}}` and plain text. */
function describeRefusal(answer: HttpAnswer, body: Fields | null): string {
  if (answer.status >= 300 && answer.status < 400) return "a redirect, which is never followed";
  const error = body?.["error"];
  if (typeof error === "string") return oneLine(error, REASON_CHARACTERS);
  if (isFields(error) && typeof error["message"] === "string")
    return oneLine(error["message"], REASON_CHARACTERS);
  if (body !== null) return answer.status < 300 ? 'JSON without "ok": true' : "no reason given";
  if (/html/i.test(answer.contentType) || /^\s*</.test(answer.body)) return "an HTML page";
  const text = oneLine(answer.body, REASON_CHARACTERS);
  return text === "" ? "an empty answer" : text;
}
