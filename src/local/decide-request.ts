import {
  CANCEL_PATH,
  DEFAULT_HOOK_PATH,
  MAX_HOOK_BODY_BYTES,
  PLAN_HOOK_PATH,
} from "../gateway/hook.ts";
import { jsonAnswer, refusal, textAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";

/** What is known of a request before its body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly host: string | null;
  readonly origin: string | null;
  /** The body's length as announced, or null. */
  readonly contentLength: number | null;
}

/** What is known of the gateway. */
export interface GatewayState {
  readonly isTokenRight: boolean;
  readonly isDraining: boolean;
  readonly uptimeMs: number;
  /** Told only to those who have the token. */
  readonly identity: { readonly pid: number; readonly version: string };
}

/** Answered already, or a hook call whose body is to be read. */
export type HeadDecision =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "read_body"; readonly route: Route };

/** What is asked for: an agent, an agent that only reads, or the end of a run. */
type Route = "hook" | "plan" | "cancel";

/** Decides as much as a request's head allows. */
export function decideHead(head: RequestHead, state: GatewayState): HeadDecision {
  // A page in a browser, also one that has a name point at this machine, is no caller of ours.
  if (head.origin !== null || !isLoopbackHost(head.host)) {
    return answer(textAnswer(403, "Forbidden"));
  }
  const [path = "", query = ""] = head.target.split("?", 2);
  if (path === DEFAULT_HOOK_PATH) return decidePost("hook", head, query, state);
  if (path === PLAN_HOOK_PATH) return decidePost("plan", head, query, state);
  if (path === CANCEL_PATH) return decidePost("cancel", head, query, state);
  const isRead = head.method === "GET" || head.method === "HEAD";
  if (isRead && (path === "/healthz" || path === "/health")) return answer(health(state));
  if (isRead && (path === "/readyz" || path === "/ready")) return answer(readiness(state));
  return answer(textAnswer(404, "Not Found"));
}

function decidePost(
  route: Route,
  head: RequestHead,
  query: string,
  state: GatewayState,
): HeadDecision {
  if (head.method !== "POST") {
    return answer(textAnswer(405, "Method Not Allowed", { allow: "POST" }));
  }
  if (new URLSearchParams(query).has("token")) {
    return answer(textAnswer(400, "Hook token must be provided via Authorization: Bearer <token>"));
  }
  if (!state.isTokenRight) return answer(textAnswer(401, "Unauthorized"));
  if (head.contentLength !== null && head.contentLength > MAX_HOOK_BODY_BYTES) {
    return answer(tooLarge());
  }
  return { kind: "read_body", route };
}

/** The answer to a body over the hook's limit. */
export function tooLarge(): Answer {
  return refusal(413, "payload too large");
}

/** The token that a request presents, or null. */
export function presentedToken(
  authorization: string | null,
  tokenHeader: string | null,
): string | null {
  const [, bearer] = /^bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  return bearer ?? tokenHeader;
}

function isLoopbackHost(host: string | null): boolean {
  return host === null || /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

function health({ isTokenRight, identity }: GatewayState): Answer {
  const known = isTokenRight ? identity : {};
  return jsonAnswer(200, { ok: true, status: "live", ...known });
}

function readiness({ isDraining, uptimeMs }: GatewayState): Answer {
  const failing = isDraining ? ["gateway-draining"] : [];
  return jsonAnswer(isDraining ? 503 : 200, { ready: !isDraining, failing, uptimeMs });
}

function answer(value: Answer): HeadDecision {
  return { kind: "answer", answer: value };
}
