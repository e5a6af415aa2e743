import { Client } from "undici";
import type { Exchange } from "./exchange.ts";
import { AnswerCollector } from "./exchange.ts";
import { ADMISSION_HEADER, CANCEL_PATH } from "./hook.ts";
import type { Secret } from "../secret.ts";

/** Where a hook answers, and with which token. */
export interface GatewayAddress {
  /** Scheme, host and port, without a path. */
  readonly origin: string;
  readonly hookPath: string;
  readonly token: Secret | null;
}

/** Milliseconds for an answer that a gateway need not think about. */
const SHORT_TIMEOUT_MS = 5_000;

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

  /** Asks for what there is under a path, without a token. */
  get(
    path: string,
    signal: AbortSignal | null,
    timeoutMs: number = SHORT_TIMEOUT_MS,
  ): Promise<Exchange> {
    return this.#exchange({
      method: "GET",
      path,
      body: null,
      headers: {},
      timeoutMs,
      signal,
    });
  }

  /** Posts a body to the hook; null waits for as long as it takes, and for a place as long as the gateway likes. */
  postHook(
    body: string,
    idempotencyKey: string,
    timeoutMs: number | null,
    signal: AbortSignal | null,
    admissionMs: number | null = null,
  ): Promise<Exchange> {
    return this.#exchange({
      method: "POST",
      path: this.#address.hookPath,
      body,
      headers: {
        "content-type": "application/json",
        "idempotency-key": idempotencyKey,
        ...(admissionMs === null ? {} : { [ADMISSION_HEADER]: `${admissionMs}` }),
        ...this.#authorization,
      },
      timeoutMs,
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
      timeoutMs: SHORT_TIMEOUT_MS,
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

function redact(exchange: Exchange, token: Secret | null): Exchange {
  if (token === null) return exchange;
  return exchange.kind === "answered"
    ? { kind: "answered", answer: { ...exchange.answer, body: token.redact(exchange.answer.body) } }
    : { ...exchange, reason: token.redact(exchange.reason) };
}
