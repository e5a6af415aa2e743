import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { readMessageHeader } from "../../src/run/sending/prompt-header.ts";

/** One hook call as it arrived. */
export interface ReceivedCall {
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came, byte for byte. */
  readonly bodyText: string;
  readonly idempotencyKey: string | null;
  readonly authorization: string | null;
  readonly runId: string;
  readonly handoffPath: string;
  /** 1 for the first call that is not held, and so on. */
  readonly number: number;
  readonly isHeld: boolean;
}

/** What a test makes of a request. */
export type HookBehavior = (call: ReceivedCall, response: ServerResponse) => void | Promise<void>;

/** A real HTTP server whose every answer a test decides. */
export class SteeredGateway {
  readonly #server: Server;
  readonly calls: ReceivedCall[] = [];
  /** Every request's first line, such as `GET /healthz`. */
  readonly requests: string[] = [];
  /** The `Authorization` header of every look at its health. */
  readonly tokensAtHealth: (string | null)[] = [];
  onHook: HookBehavior = answerAtOnce();
  onHealth: (response: ServerResponse) => void = (response) =>
    sendJson(response, 200, { ok: true, status: "live" });

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<SteeredGateway> {
    const gateway = new SteeredGateway();
    await new Promise<void>((resolve) => gateway.#server.listen(0, "127.0.0.1", resolve));
    return gateway;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#address().port}`;
  }

  get port(): number {
    return this.#address().port;
  }

  /** The calls that sent a task, without those that only wait for its completion. */
  get sent(): readonly ReceivedCall[] {
    return this.calls.filter(({ isHeld }) => !isHeld);
  }

  /** Breaks every connection, as when the process is killed, and listens no more. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === "string")
      throw new Error("the gateway does not listen");
    return address;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    if (request.method === "GET" && request.url === "/healthz") {
      this.tokensAtHealth.push(request.headers.authorization ?? null);
      this.onHealth(response);
      return;
    }
    if (request.method !== "POST") {
      response.writeHead(405, { allow: "POST" }).end("Method Not Allowed");
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bodyText = Buffer.concat(chunks).toString("utf8");
    const body: Record<string, unknown> = JSON.parse(bodyText);
    const header = readMessageHeader(typeof body["message"] === "string" ? body["message"] : "");
    const isHeld = body["waitForCompletion"] === true;
    const call: ReceivedCall = {
      body,
      bodyText,
      idempotencyKey: request.headers["idempotency-key"]?.toString() ?? null,
      authorization: request.headers.authorization ?? null,
      runId: header?.runId ?? "",
      handoffPath: header?.handoffPath ?? "",
      number: this.sent.length + (isHeld ? 0 : 1),
      isHeld,
    };
    this.calls.push(call);
    if (isHeld && !this.answersHeld) return;
    await this.onHook(call, response);
  }

  /** Whether the behavior also answers the held calls; otherwise they stay open. */
  answersHeld = false;
}

/** Admits the task. */
export function admit(response: ServerResponse, more: object = {}): void {
  sendJson(response, 200, { ok: true, runId: "gw-1", ...more });
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));
}

/** A handoff as a careful agent writes it. */
export function goodHandoff(
  call: Pick<ReceivedCall, "runId">,
  more: object = {},
): Record<string, unknown> {
  return {
    schemaVersion: "1.1",
    runId: call.runId,
    status: "complete",
    result: `done: ${call.runId}`,
    deliverable: { type: "analysis", title: "A title", path: null, summary: "A summary." },
    artifacts: [],
    confidence: "high",
    notes: "",
    timestamp: "2026-01-31T12:00:00Z",
    ...more,
  };
}

/** Writes a file as an agent does: in place, not atomically. */
export function writeAsAgent(path: string, content: string | object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

/** Admits, and hands over at once. */
export function answerAtOnce(more: object = {}): HookBehavior {
  return (call, response) => {
    admit(response);
    writeAsAgent(call.handoffPath, goodHandoff(call, more));
  };
}
