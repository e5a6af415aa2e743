import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

/** A whole HTTP answer. */
export interface HookAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as a JSON object, empty when it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** One HTTP request as a test sends it: nothing is added to it. */
export interface HookCallPlan {
  readonly method?: string;
  readonly token?: string;
  readonly key?: string;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: string | Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  /** Hears that all of it has been handed to the system. */
  readonly onSent?: () => void;
}

/** Sends one request on a connection of its own and reads the whole answer. */
export function callHook(url: string, plan: HookCallPlan = {}): Promise<HookAnswer> {
  const body = typeof plan.body === "object" ? JSON.stringify(plan.body) : plan.body;
  const headers = {
    ...(plan.token === undefined ? {} : { authorization: `Bearer ${plan.token}` }),
    ...(plan.key === undefined ? {} : { "idempotency-key": plan.key }),
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method: plan.method ?? "POST",
      headers,
      agent: false,
      ...(plan.signal === undefined ? {} : { signal: plan.signal }),
    });
    call.once("error", reject);
    if (plan.onSent !== undefined) call.once("finish", plan.onSent);
    call.once("response", (response) => {
      text(response).then(
        (answer) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: answer,
            json: parseObject(answer),
          }),
        reject,
      );
    });
    call.end(body);
  });
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
