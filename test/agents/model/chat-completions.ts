import { randomUUID } from "node:crypto";
import type { ConversationItem, ModelRequest, Protocol, SpokenAnswer } from "./conversation.ts";
import {
  contentText,
  eventBody,
  field,
  jsonBody,
  list,
  parameterNames,
  text,
} from "./loose-json.ts";

/** OpenAI's older protocol, which most agents and servers speak. */
export const chatCompletions: Protocol = {
  speaksAt: (path) => path.endsWith("/chat/completions"),
  read: (body) => ({
    items: list(field(body, "messages")).map(readMessage),
    tools: list(field(body, "tools")).map((tool) => ({
      name: text(field(field(tool, "function"), "name")),
      namespace: null,
      parameters: parameterNames(field(field(tool, "function"), "parameters")),
      isFreeform: false,
    })),
    isStream: field(body, "stream") === true,
    model: text(field(body, "model")),
  }),
  write: (answer, request) =>
    request.isStream ? eventBody(stream(answer, request)) : jsonBody(whole(answer, request)),
  writeError: (_status, message) => ({ error: { message, type: "stand_in", code: "stand_in" } }),
};

function readMessage(message: unknown): ConversationItem {
  const content = contentText(field(message, "content"));
  const role = field(message, "role");
  if (role === "tool") return { kind: "tool_result", text: content };
  return { kind: "said", by: role === "user" ? "user" : "other", text: content };
}

const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

function head(object: string, { model }: ModelRequest): Record<string, unknown> {
  const created = Math.floor(Date.now() / 1000);
  return { id: `chatcmpl-${randomUUID()}`, object, created, model };
}

function messageOf(answer: SpokenAnswer): Record<string, unknown> {
  if (answer.kind === "text") return { role: "assistant", content: answer.text };
  const call = { name: answer.tool.name, arguments: JSON.stringify(answer.input) };
  const calls = [{ index: 0, id: `call_${randomUUID()}`, type: "function", function: call }];
  return { role: "assistant", content: null, tool_calls: calls };
}

function finishReason({ kind }: SpokenAnswer): string {
  return kind === "call" ? "tool_calls" : "stop";
}

function whole(answer: SpokenAnswer, request: ModelRequest): unknown {
  const choice = { index: 0, finish_reason: finishReason(answer), message: messageOf(answer) };
  return { ...head("chat.completion", request), usage, choices: [choice] };
}

function stream(answer: SpokenAnswer, request: ModelRequest): { data: unknown }[] {
  const common = head("chat.completion.chunk", request);
  const choices = [
    { index: 0, delta: messageOf(answer), finish_reason: null },
    { index: 0, delta: {}, finish_reason: finishReason(answer) },
  ];
  return [
    ...choices.map((choice) => ({ data: { ...common, choices: [choice] } })),
    { data: { ...common, choices: [], usage } },
    { data: "[DONE]" },
  ];
}
