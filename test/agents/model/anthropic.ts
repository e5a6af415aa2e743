import { randomUUID } from "node:crypto";
import type { ConversationItem, Protocol, SpokenAnswer } from "./conversation.ts";
import {
  contentText,
  eventBody,
  field,
  jsonBody,
  list,
  parameterNames,
  text,
} from "./loose-json.ts";

/** Anthropic's protocol. */
export const anthropic: Protocol = {
  speaksAt: (path) => path.endsWith("/messages"),
  read: (body) => ({
    items: list(field(body, "messages")).flatMap(readMessage),
    tools: list(field(body, "tools")).map((tool) => ({
      name: text(field(tool, "name")),
      namespace: null,
      parameters: parameterNames(field(tool, "input_schema")),
      isFreeform: false,
    })),
    isStream: field(body, "stream") === true,
    model: text(field(body, "model")),
  }),
  write: (answer, { isStream, model }) =>
    isStream ? eventBody(stream(answer, model)) : jsonBody(message(answer, model)),
  writeError: (_status, message_) => ({
    type: "error",
    error: { type: "api_error", message: message_ },
  }),
};

/** A message may carry a text and the results of several tools. */
function readMessage(whole: unknown): ConversationItem[] {
  const content = field(whole, "content");
  const by = field(whole, "role") === "user" ? "user" : "other";
  if (typeof content === "string") return [{ kind: "said", by, text: content }];
  return list(content).flatMap((part): ConversationItem[] => {
    if (field(part, "type") === "tool_result") {
      return [{ kind: "tool_result", text: contentText(field(part, "content")) }];
    }
    const said = text(field(part, "text"));
    return said === "" ? [] : [{ kind: "said", by, text: said }];
  });
}

function blockOf(answer: SpokenAnswer): Record<string, unknown> {
  if (answer.kind === "text") return { type: "text", text: answer.text };
  const id = `toolu_${randomUUID().replaceAll("-", "")}`;
  return { type: "tool_use", id, name: answer.tool.name, input: answer.input };
}

function stopReason({ kind }: SpokenAnswer): string {
  return kind === "call" ? "tool_use" : "end_turn";
}

const usage = { input_tokens: 100, output_tokens: 20 };

function message(answer: SpokenAnswer, model: string): Record<string, unknown> {
  return {
    id: `msg_${randomUUID().replaceAll("-", "")}`,
    type: "message",
    role: "assistant",
    model,
    content: [blockOf(answer)],
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage,
  };
}

function stream(answer: SpokenAnswer, model: string): { name: string; data: unknown }[] {
  const block = blockOf(answer);
  const [empty, delta] =
    answer.kind === "text"
      ? [
          { ...block, text: "" },
          { type: "text_delta", text: answer.text },
        ]
      : [
          { ...block, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(answer.input) },
        ];
  const started = { ...message(answer, model), content: [], stop_reason: null };
  const events = [
    { type: "message_start", message: started },
    { type: "content_block_start", index: 0, content_block: empty },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage,
    },
    { type: "message_stop" },
  ];
  return events.map((event) => ({ name: event.type, data: event }));
}
