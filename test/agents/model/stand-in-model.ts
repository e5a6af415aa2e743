import { listenOnLoopback } from "../../rig/loopback.ts";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { unreachable } from "../../../src/unreachable.ts";
import { anthropic } from "./anthropic.ts";
import { chatCompletions } from "./chat-completions.ts";
import type { Protocol, WireBody } from "./conversation.ts";
import { decideAnswer } from "./decide-answer.ts";
import { gemini } from "./gemini.ts";
import { jsonBody } from "./loose-json.ts";
import { responses } from "./responses.ts";

const protocols: readonly Protocol[] = [chatCompletions, responses, gemini, anthropic];

/** A running stand-in for the language models of all makers. */
export interface StandInModel {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts a server on loopback that speaks the protocols of the agents and obeys the words in a task. As a proxy it lets
 * nobody out.
 */
export async function startStandInModel(): Promise<StandInModel> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on("connect", (_request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
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

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = ""] = (request.url ?? "").split("?");
  const protocol = protocols.find(({ speaksAt }) => request.method === "POST" && speaksAt(path));
  if (protocol === undefined) return answerOther(path, response);
  const asked = protocol.read(JSON.parse(await text(request)), path);
  const next = decideAnswer(asked, new Date());
  switch (next.kind) {
    case "text":
    case "call":
      return send(response, 200, protocol.write(next, asked));
    case "refused": {
      const { httpStatus } = next;
      const error = protocol.writeError(httpStatus, `the stand-in model answers ${httpStatus}`);
      return send(response, httpStatus, jsonBody(error));
    }
    case "silence":
      return;
    default:
      return unreachable(next);
  }
}

/** Agents list models, count tokens, and look whether anybody is there. */
function answerOther(path: string, response: ServerResponse): void {
  if (/count_?tokens$/i.test(path)) {
    return send(response, 200, jsonBody({ input_tokens: 100, totalTokens: 100 }));
  }
  if (path.endsWith("/models")) {
    const model = { id: "stand-in", object: "model", type: "model", display_name: "stand-in" };
    return send(response, 200, jsonBody({ object: "list", data: [model], has_more: false }));
  }
  send(response, path === "/" ? 200 : 404, jsonBody({ error: { message: "nothing here" } }));
}

function send(response: ServerResponse, status: number, { contentType, body }: WireBody): void {
  response.writeHead(status, { "content-type": contentType }).end(body);
}
