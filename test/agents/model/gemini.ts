import { randomUUID } from "node:crypto";
import type { ConversationItem, Protocol, SpokenAnswer } from "./conversation.ts";
import { eventBody, field, jsonBody, list, parameterNames, text } from "./loose-json.ts";

const method = /\/models\/([^/:]+):(streamGenerateContent|generateContent)$/;

/** Google's protocol. */
export const gemini: Protocol = {
  speaksAt: (path) => method.test(path),
  read: (body, path) => ({
    items: list(field(body, "contents")).flatMap(readContent),
    tools: list(field(body, "tools"))
      .flatMap((tool) => list(field(tool, "functionDeclarations")))
      .map((tool) => ({
        name: text(field(tool, "name")),
        namespace: null,
        parameters: parameterNames(
          field(tool, "parametersJsonSchema") ?? field(tool, "parameters"),
        ),
        isFreeform: false,
      })),
    isStream: path.endsWith(":streamGenerateContent"),
    model: method.exec(path)?.[1] ?? "",
  }),
  write: (answer, { isStream, model }) => {
    const value = responseOf(answer, model);
    return isStream ? eventBody([{ data: value }]) : jsonBody(value);
  },
  writeError: (code, message) => ({ error: { code, message, status: "STAND_IN" } }),
};

/** A content may carry a text and the results of several tools. */
function readContent(content: unknown): ConversationItem[] {
  const by = field(content, "role") === "user" ? "user" : "other";
  return list(field(content, "parts")).flatMap((part): ConversationItem[] => {
    const result = field(part, "functionResponse");
    if (result !== undefined) {
      return [{ kind: "tool_result", text: JSON.stringify(field(result, "response")) }];
    }
    const said = text(field(part, "text"));
    return said === "" ? [] : [{ kind: "said", by, text: said }];
  });
}

function responseOf(answer: SpokenAnswer, modelVersion: string): unknown {
  const part =
    answer.kind === "text"
      ? { text: answer.text }
      : {
          functionCall: { id: randomUUID(), name: answer.tool.name, args: answer.input },
          thoughtSignature: "c3RhbmQtaW4=",
        };
  return {
    candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
    modelVersion,
    responseId: randomUUID(),
  };
}
