import { handoffText, readOrders } from "../conformance/orders.ts";
import type { Orders } from "../conformance/orders.ts";

/** How long the exec tool stays with a command; its default of 10 s is short for a whole delegation on a busy machine. */
const PATIENCE_MS = 120_000;

/** The part of a chat-completions request that decides the answer. */
export interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly toolNames: readonly string[];
  readonly isStream: boolean;
}

/** What the model says next: it calls one tool, or it ends its turn with a text. */
export type ModelAnswer =
  | {
      readonly kind: "tool";
      readonly tool: "write" | "exec";
      readonly input: Record<string, string | number>;
    }
  | { readonly kind: "text"; readonly text: string };

/** A task as the model sees it, and how far it has come with it. */
export interface ModelTurn {
  readonly task: string;
  readonly orders: Orders;
  /** What the tools said since the task was given, oldest first. */
  readonly toolResults: readonly string[];
}

const gatewayContext = /^\s*<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>/;

/** Finds the task in a conversation; OpenClaw puts context of its own after it, as further user messages. */
export function readTurn({ messages }: ChatRequest): ModelTurn {
  const at = messages.findLastIndex(
    ({ role, content }) => role === "user" && !gatewayContext.test(content),
  );
  const task = messages[at]?.content ?? "";
  const toolResults = messages.slice(at + 1).filter(({ role }) => role === "tool");
  return { task, orders: readOrders(task), toolResults: toolResults.map(({ content }) => content) };
}

/** What the model says in this turn: first the ordered command, then the handoff file, then a last word. */
export function decideAnswer(
  { orders, toolResults }: ModelTurn,
  toolNames: readonly string[],
  now: Date,
): ModelAnswer {
  const isCommandDue = orders.command !== null && toolResults.length === 0;
  if (isCommandDue && orders.command !== null) {
    return { kind: "tool", tool: "exec", input: { command: orders.command, yieldMs: PATIENCE_MS } };
  }
  const isFileDue = toolResults.length === (orders.command === null ? 0 : 1);
  if (!isFileDue || orders.handoff === null || orders.writes === "nothing") {
    return { kind: "text", text: `Done. ${toolResults.at(-1)?.slice(0, 2000) ?? ""}` };
  }
  const { path } = orders.handoff;
  const content = handoffText(orders, toolResults[0] ?? null, now);
  if (!orders.usesShell && toolNames.includes("write")) {
    return { kind: "tool", tool: "write", input: { path, content } };
  }
  const command = `cat > '${path}' <<'END_OF_HANDOFF'\n${content}\nEND_OF_HANDOFF`;
  return { kind: "tool", tool: "exec", input: { command } };
}

/** Reads a request body; content may be a text or a list of parts, tools are named in two ways. */
export function parseChatRequest(body: string): ChatRequest | null {
  const request = parseObject(body);
  if (request === null || !Array.isArray(request["messages"])) return null;
  const tools = Array.isArray(request["tools"]) ? request["tools"] : [];
  return {
    messages: request["messages"].map((message: unknown) => ({
      role: String(field(message, "role")),
      content: contentText(field(message, "content")),
    })),
    toolNames: tools.map((tool: unknown) => {
      return String(field(field(tool, "function"), "name") ?? field(tool, "name"));
    }),
    isStream: request["stream"] === true,
  };
}

function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = content.map((part: unknown) => field(part, "text"));
  return texts.filter((text) => typeof text === "string").join("\n");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
