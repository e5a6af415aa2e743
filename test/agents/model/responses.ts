import { randomUUID } from "node:crypto";
import type { ConversationItem, OfferedTool, Protocol, SpokenAnswer } from "./conversation.ts";
import {
  contentText,
  eventBody,
  field,
  jsonBody,
  list,
  parameterNames,
  text,
} from "./loose-json.ts";

/** OpenAI's newer protocol, which codex speaks. */
export const responses: Protocol = {
  speaksAt: (path) => path.endsWith("/responses"),
  read: (body) => ({
    items: list(field(body, "input")).map(readItem),
    tools: readTools(field(body, "tools"), null),
    isStream: field(body, "stream") === true,
    model: text(field(body, "model")),
  }),
  write: (answer, { isStream, model }) => {
    const item = itemOf(answer);
    return isStream
      ? eventBody(stream(item, model))
      : jsonBody(response("completed", [item], model));
  },
  writeError: (_status, message) => ({ error: { message, type: "stand_in", code: "stand_in" } }),
};

function readItem(item: unknown): ConversationItem {
  if (text(field(item, "type")).endsWith("_output")) {
    const output = field(item, "output");
    return {
      kind: "tool_result",
      text: typeof output === "string" ? output : JSON.stringify(output),
    };
  }
  const by = field(item, "role") === "user" ? "user" : "other";
  return { kind: "said", by, text: contentText(field(item, "content")) };
}

function readTools(tools: unknown, namespace: string | null): OfferedTool[] {
  return list(tools).flatMap((tool) => {
    const type = text(field(tool, "type"));
    const name = text(field(tool, "name"));
    if (type === "namespace") return readTools(field(tool, "tools"), name);
    const parameters = parameterNames(field(tool, "parameters"));
    return [
      { name: name === "" ? type : name, namespace, parameters, isFreeform: type === "custom" },
    ];
  });
}

function itemOf(answer: SpokenAnswer): Readonly<Record<string, unknown>> {
  const common = { id: `item_${randomUUID()}`, status: "completed" };
  if (answer.kind === "text") {
    const content = [{ type: "output_text", text: answer.text, annotations: [] }];
    return { ...common, type: "message", role: "assistant", content };
  }
  const { tool, input } = answer;
  const call = { ...common, call_id: `call_${randomUUID()}`, name: tool.name };
  if (tool.isFreeform) return { ...call, type: "custom_tool_call", input };
  const group = tool.namespace === null ? {} : { namespace: tool.namespace };
  return { ...call, ...group, type: "function_call", arguments: JSON.stringify(input) };
}

const usage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 120,
};

function response(status: string, output: readonly unknown[], model: string): unknown {
  const id = `resp_${randomUUID()}`;
  const created_at = Math.floor(Date.now() / 1000);
  return { id, object: "response", created_at, status, model, output, usage, error: null };
}

function stream(item: unknown, model: string): { name: string; data: unknown }[] {
  const events = [
    { type: "response.created", response: response("in_progress", [], model) },
    { type: "response.output_item.added", output_index: 0, item },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: response("completed", [item], model) },
  ];
  return events.map((event, at) => ({ name: event.type, data: { ...event, sequence_number: at } }));
}
