import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AgentMode, Config } from "../config/config.ts";
import type { Result } from "../failure.ts";
import { ADMISSION_HEADER, MAX_HOOK_BODY_BYTES } from "../gateway/hook.ts";
import { messageOf } from "../thrown.ts";
import type { Secret } from "../secret.ts";
import { unreachable } from "../unreachable.ts";
import {
  admittedAnswer,
  completedAnswer,
  drainingAnswer,
  jsonAnswer,
  lateAnswer,
  refusal,
} from "./answer.ts";
import type { Answer } from "./answer.ts";
import { decideCall, readPatienceMs } from "./decide-call.ts";
import { readCanceledRun } from "./decide-cancel.ts";
import { decideHead, presentedToken, tooLarge } from "./decide-request.ts";
import type { GatewayState, RequestHead } from "./decide-request.ts";
import type { Dispatcher } from "./dispatch.ts";
import type { GatewayLog } from "./log.ts";
import { readBody } from "./read-body.ts";

/** What the gateway's HTTP server stands on. */
export interface ServerParts {
  readonly token: Secret;
  readonly version: string;
  readonly currentConfig: () => Result<Config>;
  readonly dispatcher: Dispatcher;
  readonly isDraining: () => boolean;
  readonly bodyMs: number;
  readonly log: GatewayLog;
  /** Told of every request from somebody who may ask. */
  readonly onAsked: () => void;
}

/** How long a connection stays open after a refusal of a body that is still on its way, so that the refusal arrives. */
const LINGER_MS = 500;

/** Creates the server that speaks the hook contract; it does not listen yet. */
export function createGatewayServer(parts: ServerParts): Server {
  const startedAtMs = performance.now();
  const server = createServer((request, response) => {
    // Held answers take as long as their command; a caller that goes away stops nothing.
    response.on("error", () => {});
    const state: GatewayState = {
      isTokenRight: isTokenRight(request, parts.token),
      isDraining: parts.isDraining(),
      uptimeMs: Math.round(performance.now() - startedAtMs),
      identity: { pid: process.pid, version: parts.version },
    };
    respond(request, response, state, parts).catch((error: unknown) => {
      const message = messageOf(error);
      parts.log({ type: "gateway_bug", message });
      if (response.headersSent) response.destroy();
      else send(response, refusal(500, "internal error"));
    });
  });
  server.requestTimeout = 0;
  return server;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  state: GatewayState,
  parts: ServerParts,
): Promise<void> {
  const decision = decideHead(readHead(request), state);
  if (decision.kind === "answer") {
    const { answer } = decision;
    if (answer.status < 400) parts.onAsked();
    else parts.log({ type: "request_refused", status: answer.status });
    if (answer.status === 413) sendEarly(response, answer);
    else send(response, answer);
    return;
  }
  parts.onAsked();
  const body = await readBody(request, { maxBytes: MAX_HOOK_BODY_BYTES, limitMs: parts.bodyMs });
  switch (body.kind) {
    case "body": {
      const mode = decision.route === "plan" ? "plan" : "write";
      const answer =
        decision.route === "cancel"
          ? answerCancel(body.text, parts)
          : await answerCall(body.text, mode, request, parts);
      if (answer.status >= 400) parts.log({ type: "request_refused", status: answer.status });
      return send(response, answer);
    }
    case "too_large":
      return sendEarly(response, tooLarge());
    case "timeout":
      return sendEarly(response, refusal(408, "request body timeout"));
    case "aborted":
      response.destroy();
      return;
    default:
      return unreachable(body);
  }
}

async function answerCall(
  body: string,
  mode: AgentMode,
  request: IncomingMessage,
  parts: ServerParts,
): Promise<Answer> {
  if (parts.isDraining()) return drainingAnswer();
  const config = parts.currentConfig();
  if (!config.ok) {
    parts.log({ type: "config_invalid", message: config.failure.message });
    return refusal(500, config.failure.message);
  }
  const key = header(request, "idempotency-key") ?? header(request, "x-openclaw-idempotency-key");
  const decision = decideCall(body, key, mode, config.value.agents);
  if (decision.kind === "refuse") return decision.answer;
  const { call } = decision;
  const admission = await parts.dispatcher.submit(
    { ...call, config: config.value },
    call.fingerprint === null ? null : digest(call.fingerprint).toString("base64"),
    readPatienceMs(header(request, ADMISSION_HEADER)),
  );
  switch (admission.kind) {
    case "admitted":
      return call.waitForCompletion
        ? completedAnswer(admission.runId, await admission.completion)
        : admittedAnswer(admission.runId);
    case "late":
      return lateAnswer(admission.runId);
    case "draining":
      return drainingAnswer();
    default:
      return unreachable(admission);
  }
}

function answerCancel(body: string, { dispatcher }: ServerParts): Answer {
  const runId = readCanceledRun(body);
  if (runId === null) return refusal(400, "runId required");
  return jsonAnswer(200, { ok: true, ended: dispatcher.cancel(runId) });
}

function readHead(request: IncomingMessage): RequestHead {
  const length = header(request, "content-length");
  return {
    method: request.method ?? "",
    target: request.url ?? "",
    host: header(request, "host"),
    origin: header(request, "origin"),
    contentLength: length === null ? null : Number(length),
  };
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

/** Compares digests, so that the time tells nothing about the token, not even its length. */
function isTokenRight(request: IncomingMessage, token: Secret): boolean {
  const presented = presentedToken(
    header(request, "authorization"),
    header(request, "x-openclaw-token"),
  );
  return presented !== null && timingSafeEqual(digest(presented), digest(token.reveal()));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersOf(answer)).end(answer.body);
}

/** Answers without having read the body, and closes the connection a little later. */
function sendEarly(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { ...headersOf(answer), connection: "close" });
  response.write(answer.body);
  setTimeout(() => response.destroy(), LINGER_MS).unref();
}

function headersOf({ contentType, body, headers }: Answer): Record<string, string | number> {
  return { "content-type": contentType, "content-length": Buffer.byteLength(body), ...headers };
}
