import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { think } from "../conformance/think.ts";
import { listenOnLoopback } from "../rig/loopback.ts";
import { decideAnswer, parseChatRequest, readTurn } from "./model-turn.ts";
import type { ModelAnswer } from "./model-turn.ts";

/** The one model that the stand-in offers. */
export const MODEL_ID = "stand-in-1";

/** A running stand-in for a language model. */
export interface StandInModel {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts a server on loopback that speaks the chat-completions protocol and obeys the orders in a task.
 * `GET /tasks` answers a list with the text of every task that was begun, in order, and `GET /thoughts` one with those
 * that it still thinks about.
 */
export async function startStandInModel(): Promise<StandInModel> {
  const tasks: Tasks = { begun: [], thoughts: new Set() };
  const server = createServer((request, response) => {
    answer(request, response, tasks).catch((reason: unknown) => response.destroy(asError(reason)));
  });
  const port = await listenOnLoopback(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Tasks {
  readonly begun: string[];
  readonly thoughts: Set<{ readonly task: string }>;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { begun, thoughts }: Tasks,
): Promise<void> {
  const path = request.url ?? "";
  if (request.method === "GET") {
    if (path === "/tasks") return sendJson(response, 200, begun);
    if (path === "/thoughts")
      return sendJson(
        response,
        200,
        [...thoughts].map(({ task }) => task),
      );
    return sendJson(response, 200, { object: "list", data: [{ id: MODEL_ID, object: "model" }] });
  }
  const chat = path.endsWith("/chat/completions") ? parseChatRequest(await text(request)) : null;
  if (chat === null) return sendJson(response, 404, { error: { message: "not a chat" } });

  const turn = readTurn(chat);
  if (turn.toolResults.length === 0) {
    begun.push(turn.task);
    if (turn.orders.doesCrash) return sendJson(response, 400, { error: { message: "ordered" } });
    thoughts.add(turn);
    await think(turn.orders, () => response.destroyed);
    thoughts.delete(turn);
    if (response.destroyed) return;
  }
  const next = decideAnswer(turn, chat.toolNames, new Date());
  if (chat.isStream) sendStream(response, next);
  else sendWhole(response, next);
}

let answers = 0;

function envelope(object: string): Record<string, unknown> {
  answers += 1;
  const created = Math.floor(Date.now() / 1000);
  return { id: `chatcmpl-${answers}`, object, created, model: MODEL_ID };
}

function messageOf(next: ModelAnswer): Record<string, unknown> {
  if (next.kind === "text") return { role: "assistant", content: next.text };
  const call = { name: next.tool, arguments: JSON.stringify(next.input) };
  const calls = [{ index: 0, id: `call_${answers}`, type: "function", function: call }];
  return { role: "assistant", content: null, tool_calls: calls };
}

function finishReason(next: ModelAnswer): string {
  return next.kind === "tool" ? "tool_calls" : "stop";
}

const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

function sendWhole(response: ServerResponse, next: ModelAnswer): void {
  const head = envelope("chat.completion");
  const choice = { index: 0, finish_reason: finishReason(next), message: messageOf(next) };
  sendJson(response, 200, { ...head, usage, choices: [choice] });
}

function sendStream(response: ServerResponse, next: ModelAnswer): void {
  const head = envelope("chat.completion.chunk");
  const choices = [
    { index: 0, delta: messageOf(next), finish_reason: null },
    { index: 0, delta: {}, finish_reason: finishReason(next) },
  ];
  const chunks = [
    ...choices.map((choice) => ({ ...head, choices: [choice] })),
    { ...head, choices: [], usage },
  ];
  const lines = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.end(`${lines.join("")}data: [DONE]\n\n`);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
