import { Client } from "undici";
import type { Dispatcher } from "undici";
import { describeConnectionError } from "./connection-words.ts";
import type { HttpAnswer } from "./hook.ts";
import { CANCEL_PATH } from "./hook.ts";
import type { Secret } from "./secret.ts";

/** Where a hook answers, and with which token. */
export interface GatewayAddress {
  /** Scheme, host and port, without a path. */
  readonly origin: string;
  readonly hookPath: string;
  readonly token: Secret | null;
}

/** What became of one HTTP request. */
export type Exchange =
  | { readonly kind: "answered"; readonly answer: HttpAnswer }
  /** The request never left: no connection. */
  | { readonly kind: "not_reached"; readonly reason: string }
  /** The request left, no whole answer came back: the other side may have acted on it. */
  | { readonly kind: "broken"; readonly reason: string };

/** Milliseconds that a gateway has for its health answer. */
export const HEALTH_TIMEOUT_MS = 5_000;

/** Milliseconds for an admission; a gateway itself may need 15 s to say that it has no place. */
export const ADMISSION_TIMEOUT_MS = 30_000;

const MAX_ANSWER_BYTES = 65_536;

interface RequestPlan {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for the whole exchange; null waits for ever, as for a held answer. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal | null;
}

/** A connection to one gateway; requests go one after the other. Follows no redirect. Errors are values. */
export class GatewayClient {
  readonly #address: GatewayAddress;
  readonly #client: Client;

  constructor(address: GatewayAddress) {
    this.#address = address;
    this.#client = new Client(address.origin, {
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: 10_000 },
      allowH2: false,
    });
  }

  /** Asks `/healthz`, without a token. */
  checkHealth(signal: AbortSignal | null): Promise<Exchange> {
    return this.#exchange({
      method: "GET",
      path: "/healthz",
      body: null,
      headers: {},
      timeoutMs: HEALTH_TIMEOUT_MS,
      signal,
    });
  }

  /** Asks `/readyz`, without a token; OpenClaw tells its uptime there. */
  checkReadiness(signal: AbortSignal | null): Promise<Exchange> {
    return this.#exchange({
      method: "GET",
      path: "/readyz",
      body: null,
      headers: {},
      timeoutMs: HEALTH_TIMEOUT_MS,
      signal,
    });
  }

  /** Asks what the hook path says to a GET: 405 when hooks are on. */
  probeHookPath(signal: AbortSignal | null): Promise<Exchange> {
    const path = this.#address.hookPath;
    return this.#exchange({
      method: "GET",
      path,
      body: null,
      headers: {},
      timeoutMs: HEALTH_TIMEOUT_MS,
      signal,
    });
  }

  /** Posts a body to the hook, at most {@link ADMISSION_TIMEOUT_MS} long, or as long as it takes when it is held. */
  postHook(
    body: string,
    idempotencyKey: string,
    isHeld: boolean,
    signal: AbortSignal | null,
  ): Promise<Exchange> {
    return this.#exchange({
      method: "POST",
      path: this.#address.hookPath,
      body,
      headers: {
        "content-type": "application/json",
        "idempotency-key": idempotencyKey,
        ...this.#authorization,
      },
      timeoutMs: isHeld ? null : ADMISSION_TIMEOUT_MS,
      signal,
    });
  }

  /** Asks the local gateway to end what runs for a run. */
  postCancel(runId: string, signal: AbortSignal | null): Promise<Exchange> {
    return this.#exchange({
      method: "POST",
      path: CANCEL_PATH,
      body: JSON.stringify({ runId }),
      headers: this.#authorization,
      timeoutMs: HEALTH_TIMEOUT_MS,
      signal,
    });
  }

  get #authorization(): Readonly<Record<string, string>> {
    const { token } = this.#address;
    return token === null ? {} : { authorization: `Bearer ${token.reveal()}` };
  }

  /** Closes the connection; a request that is still held is given up. */
  async close(): Promise<void> {
    await this.#client.destroy();
  }

  #exchange({ method, path, body, headers, timeoutMs, signal }: RequestPlan): Promise<Exchange> {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    const collector = new AnswerCollector({ signal, timeoutMs, settle: resolve });
    this.#client.dispatch({ method, path, body, headers: { ...headers } }, collector);
    collector.watchTime();
    return promise.then((exchange) => redact(exchange, this.#address.token));
  }
}

/** How long an answer is waited for, and who hears what became of it. */
interface Collection {
  readonly signal: AbortSignal | null;
  readonly timeoutMs: number | null;
  readonly settle: (exchange: Exchange) => void;
}

/** Gathers one answer, bounded in size, and tells a request that never left from one that may have arrived. */
class AnswerCollector implements Dispatcher.DispatchHandler {
  readonly #collection: Collection;
  readonly #chunks: Buffer[] = [];
  readonly #onAbort = (): void => this.#giveUp("given up");
  #timer: NodeJS.Timeout | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #bytes = 0;
  #head: Omit<HttpAnswer, "body"> | null = null;
  #whyGivenUp: string | null = null;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  /** Gives the request up when its time is over or the signal fires, also while it still waits for its connection. */
  watchTime(): void {
    const { signal, timeoutMs } = this.#collection;
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeoutMs === null) return;
    const reason = `no answer within ${timeoutMs / 1000} s`;
    this.#timer = setTimeout(() => this.#giveUp(reason), timeoutMs).unref();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#whyGivenUp !== null) controller.abort(new Error(this.#whyGivenUp));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const retryAfter = headers["retry-after"];
    this.#head = {
      status,
      contentType: String(headers["content-type"] ?? ""),
      retryAfter: typeof retryAfter === "string" ? retryAfter : null,
    };
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= MAX_ANSWER_BYTES) this.#chunks.push(chunk);
    else this.#finish();
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const reason = describeConnectionError(error);
    this.#settle(
      this.#controller === null ? { kind: "not_reached", reason } : { kind: "broken", reason },
    );
  }

  #finish(): void {
    if (this.#head === null) return;
    this.#settle({
      kind: "answered",
      answer: { ...this.#head, body: Buffer.concat(this.#chunks).toString("utf8") },
    });
  }

  #giveUp(reason: string): void {
    this.#whyGivenUp ??= reason;
    if (this.#controller === null) this.#settle({ kind: "not_reached", reason });
    else this.#controller.abort(new Error(reason));
  }

  #settle(exchange: Exchange): void {
    const { signal, settle } = this.#collection;
    signal?.removeEventListener("abort", this.#onAbort);
    if (this.#timer !== null) clearTimeout(this.#timer);
    settle(exchange);
  }
}

function redact(exchange: Exchange, token: Secret | null): Exchange {
  if (token === null) return exchange;
  return exchange.kind === "answered"
    ? { kind: "answered", answer: { ...exchange.answer, body: token.redact(exchange.answer.body) } }
    : { ...exchange, reason: token.redact(exchange.reason) };
}
