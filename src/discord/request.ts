import { parseJson } from "../json/parse-json.ts";
import { isFields, numberIn, textIn } from "../json/fields.ts";
import type { DiscordTrouble } from "./reply.ts";

/** Carries a trouble through Discord's client library, which speaks in exceptions. */
export class TroubleError extends Error {
  readonly trouble: DiscordTrouble;

  constructor(trouble: DiscordTrouble) {
    super(trouble.kind);
    this.trouble = trouble;
  }
}

/** One HTTP request as the library plans it. */
export interface RequestPlan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds that are left for all that is to be asked. */
  readonly msLeft: number;
}

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * Sends one GET and hands the library only what it handles well: an answer in JSON, a rate limit short enough to wait
 * for, or an error of the server, which it tries again. All else is thrown as a {@link TroubleError}. Follows no
 * redirect, so that the token goes to nobody else.
 */
export async function sendRequest({
  url,
  headers,
  signal,
  msLeft,
}: RequestPlan): Promise<Response> {
  const response = await fetch(url, { headers, signal, redirect: "manual" });
  const { status } = response;
  if (status >= 500) {
    await response.body?.cancel();
    return response;
  }
  const text = await readBounded(response);
  if (status === 429) return limitedResponse(response, text, msLeft);
  const body = readJson(response, text);
  if (!response.ok) throw new TroubleError(refusal(status, body));
  return new Response(text, { status, headers: response.headers });
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw notDiscord(`more than ${MAX_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function readJson({ status, headers }: Response, text: string): unknown {
  const type = headers.get("content-type")?.split(";")[0]?.trim() ?? "no content type";
  if (type !== "application/json") throw notDiscord(`HTTP ${status} with ${type}`);
  const body = parseJson(text);
  if (body === undefined) throw notDiscord(`HTTP ${status} with JSON that is broken`);
  return body;
}

function refusal(httpStatus: number, body: unknown): DiscordTrouble {
  if (!isFields(body) || typeof body["message"] !== "string") {
    return { kind: "not_discord", reason: `HTTP ${httpStatus} without Discord's message` };
  }
  const code = numberIn(body, "code") ?? 0;
  return { kind: "refused", httpStatus, code, reason: textIn(body, "message") };
}

/** The library would ask again at once, and for ever, when it is not told how long to wait. */
function limitedResponse({ headers }: Response, text: string, msLeft: number): Response {
  const seconds = readSeconds(headers.get("retry-after")) ?? bodySeconds(parseJson(text));
  if (seconds === null) throw new TroubleError({ kind: "rate_limited", retryAfterMs: null });
  const retryAfterMs = seconds * 1000;
  if (retryAfterMs >= msLeft) throw new TroubleError({ kind: "rate_limited", retryAfterMs });
  const kept = new Headers(headers);
  kept.set("retry-after", String(seconds));
  return new Response(null, { status: 429, headers: kept });
}

function bodySeconds(body: unknown): number | null {
  return isFields(body) ? readSeconds(String(body["retry_after"])) : null;
}

function readSeconds(text: string | null): number | null {
  const seconds = Number(text ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

function notDiscord(reason: string): TroubleError {
  return new TroubleError({ kind: "not_discord", reason });
}
