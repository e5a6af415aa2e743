import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readMessageHeader } from "../src/run/sending/prompt-header.ts";
import { goodHandoff } from "./handoff.ts";

/**
 * The gateway of the benchmark, in a process of its own. The agent `prompt` hands over before the gateway has even
 * answered; every other agent says nothing until `POST /release`. `GET /state` tells what has come in so far.
 */
const unanswered: { readonly runId: string; readonly handoffPath: string }[] = [];
const counts = { admitted: 0, held: 0 };

const server = createServer((request, response) => {
  switch (`${request.method} ${request.url}`) {
    case "GET /healthz":
      return sendJson(response, { ok: true, status: "live" });
    case "GET /state":
      return sendJson(response, { ...counts, unanswered });
    case "POST /release":
      for (const { runId, handoffPath } of unanswered.splice(0)) handOver(handoffPath, runId);
      return sendJson(response, {});
    case "POST /forget":
      unanswered.length = 0;
      return sendJson(response, {});
    default:
      return void takeCall(request, response);
  }
});

async function takeCall(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  request.on("error", () => undefined);
  for await (const chunk of request) chunks.push(chunk);
  if (!request.complete) return;
  const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (body["waitForCompletion"] === true) {
    counts.held += 1;
    return;
  }
  counts.admitted += 1;
  const header = readMessageHeader(String(body["message"]));
  if (header === null) throw new Error("a call without a header");
  if (body["agentId"] === "prompt") handOver(header.handoffPath, header.runId);
  else unanswered.push(header);
  sendJson(response, { ok: true, runId: `gateway-${counts.admitted}` });
}

function handOver(path: string, runId: string): void {
  writeFileSync(path, goodHandoff(runId));
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

// The benchmark asks seldom, and must not find its connection closed.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object")
    process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
// It ends with the benchmark, however that ends.
process.stdin.on("end", () => process.exit(0)).resume();
