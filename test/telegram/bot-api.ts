import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ownLoopback } from "../rig/loopback.ts";
import { until } from "../rig/until.ts";

/** One call as it arrived. */
export interface BotCall {
  readonly method: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** A message as the chat shows it. */
export interface ChatMessage {
  readonly id: number;
  readonly chatId: number;
  readonly threadId: number | null;
  text: string;
  buttons: readonly { readonly text: string; readonly data: string }[];
  edits: number;
  isDeleted: boolean;
}

/** What a test has the server do instead of answering properly. */
export type Misbehavior =
  | {
      readonly kind: "error";
      readonly code: number;
      readonly description: string;
      readonly retryAfter?: number;
    }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "hang" }
  | { readonly kind: "break" }
  | { readonly kind: "no_json" }
  /** The call is carried out, and its answer is lost. */
  | { readonly kind: "lost_answer" };

interface Reply {
  readonly code: number;
  readonly description?: string;
  readonly result?: unknown;
  readonly retryAfter?: number;
}

export const TOKEN = "4711:test-token-of-a-bot";

/** A real HTTP server that behaves like Telegram's Bot API, as far as it is used here. */
export class BotApi {
  readonly calls: BotCall[] = [];
  readonly messages: ChatMessage[] = [];
  /** Names of chats, as in `@team`. */
  readonly chatNames = new Map<string, number>();
  /** Decides about each call; null is a proper answer. */
  misbehave: (call: BotCall) => Misbehavior | null = () => null;
  readonly #server: Server;
  readonly #updates: { readonly update_id: number }[] = [];
  readonly #hanging = new Set<ServerResponse>();
  #nextUpdateId = 900;
  #nextMessageId = 100;
  /** The call that waits for updates: Telegram lets one wait at a time. */
  #poll: ((end: "news" | "other_call") => void) | null = null;
  /** How often somebody received while somebody else did. */
  conflicts = 0;
  readonly #host = ownLoopback();
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<BotApi> {
    const api = new BotApi();
    await api.up();
    return api;
  }

  get root(): string {
    return `http://${this.#host}:${this.#port}`;
  }

  /** The messages that are in the chat. */
  get visible(): readonly ChatMessage[] {
    return this.messages.filter(({ isDeleted }) => !isDeleted);
  }

  of(method: string): readonly BotCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** Waits until a method has been called so many times. */
  async called(method: string, times = 1): Promise<void> {
    await until(() => this.of(method).length >= times, `call ${times} of ${method}`);
  }

  async up(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, this.#host, resolve));
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("not listening");
    this.#port = address.port;
  }

  /** It behaves again; who still waits for an answer is told by the end of the connection. */
  recover(): void {
    this.misbehave = () => null;
    for (const response of this.#hanging) response.destroy();
    this.#hanging.clear();
  }

  /** Nobody listens any more, and every connection breaks. */
  async down(): Promise<void> {
    this.#poll?.("news");
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Somebody presses a button. */
  press(message: ChatMessage, data: string, from: object = anna): string {
    const id = `press-${this.#nextUpdateId}`;
    this.#arrive({
      callback_query: {
        id,
        from,
        chat_instance: "1",
        data,
        message: { message_id: message.id, date: 0, chat: chatOf(message.chatId) },
      },
    });
    return id;
  }

  /** Somebody replies to a message. */
  reply(message: ChatMessage, text: string | null, from: object = anna, chatId?: number): void {
    this.write({
      text,
      from,
      chatId: chatId ?? message.chatId,
      reply_to_message: { message_id: message.id, date: 0, chat: chatOf(message.chatId) },
    });
  }

  /** Somebody writes. */
  write({
    text,
    chatId,
    ...rest
  }: {
    readonly text: string | null;
    readonly chatId: number;
    readonly [key: string]: unknown;
  }): void {
    this.#arrive({
      message: {
        message_id: this.#nextMessageId++,
        date: 0,
        chat: chatOf(chatId),
        ...(text === null ? { sticker: {} } : { text }),
        ...rest,
      },
    });
  }

  /** The updates that nobody has confirmed. */
  get unconfirmed(): number {
    return this.#updates.length;
  }

  #arrive(update: object): void {
    this.#updates.push({ update_id: this.#nextUpdateId++, ...update });
    this.#poll?.("news");
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    const payload: Record<string, unknown> = JSON.parse(
      Buffer.concat(chunks).toString("utf8") || "{}",
    );
    const call: BotCall = { method, payload, atMs: performance.now() };
    this.calls.push(call);
    if (token !== TOKEN) {
      send(response, { code: 401, description: "Unauthorized" });
      return;
    }
    const misbehavior = this.misbehave(call);
    if (misbehavior?.kind === "slow") await sleep(misbehavior.ms);
    if (misbehavior === null || misbehavior.kind === "slow")
      send(response, await this.#answer(call, request));
    else await this.#misbehave(misbehavior, call, request, response);
  }

  async #misbehave(
    misbehavior: Exclude<Misbehavior, { kind: "slow" }>,
    call: BotCall,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    switch (misbehavior.kind) {
      case "error":
        send(response, misbehavior);
        break;
      case "hang":
        this.#hanging.add(response);
        break;
      case "break":
        request.socket.destroy();
        break;
      case "no_json":
        response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad Gateway</h1>");
        break;
      case "lost_answer":
        await this.#answer(call, request);
        request.socket.destroy();
        break;
    }
  }

  async #answer({ method, payload }: BotCall, request: IncomingMessage): Promise<Reply> {
    switch (method) {
      case "sendMessage":
        return this.#sendMessage(payload);
      case "editMessageText":
        return this.#editMessage(payload);
      case "answerCallbackQuery":
        return { code: 200, result: true };
      case "getUpdates":
        return this.#getUpdates(payload, request);
      default:
        return { code: 404, description: "Not Found" };
    }
  }

  #sendMessage(payload: BotCall["payload"]): Reply {
    const problem = findTextProblem(payload["text"]);
    if (problem !== null) return { code: 400, description: problem };
    const chatId = this.#chatIdOf(payload["chat_id"]);
    if (chatId === null) return { code: 400, description: "Bad Request: chat not found" };
    const thread = payload["message_thread_id"];
    const message: ChatMessage = {
      id: this.#nextMessageId++,
      chatId,
      threadId: typeof thread === "number" ? thread : null,
      text: String(payload["text"]),
      buttons: buttonsOf(payload["reply_markup"]),
      edits: 0,
      isDeleted: false,
    };
    this.messages.push(message);
    return {
      code: 200,
      result: { message_id: message.id, date: 0, chat: chatOf(chatId), text: message.text },
    };
  }

  #editMessage(payload: BotCall["payload"]): Reply {
    const chatId = this.#chatIdOf(payload["chat_id"]);
    const message = this.visible.find(
      (one) => one.chatId === chatId && one.id === payload["message_id"],
    );
    if (message === undefined)
      return { code: 400, description: "Bad Request: message to edit not found" };
    const problem = findTextProblem(payload["text"]);
    if (problem !== null) return { code: 400, description: problem };
    const buttons = buttonsOf(payload["reply_markup"]);
    if (
      message.text === payload["text"] &&
      JSON.stringify(buttons) === JSON.stringify(message.buttons)
    )
      return {
        code: 400,
        description:
          "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      };
    message.text = String(payload["text"]);
    message.buttons = buttons;
    message.edits += 1;
    return { code: 200, result: true };
  }

  async #getUpdates(payload: BotCall["payload"], request: IncomingMessage): Promise<Reply> {
    this.#poll?.("other_call");
    const offset = Number(payload["offset"] ?? 0);
    const kept = this.#updates.filter(({ update_id }) => update_id >= offset);
    this.#updates.splice(0, this.#updates.length, ...kept);
    const waitMs = Number(payload["timeout"] ?? 0) * 1_000;
    if (this.#updates.length === 0 && waitMs > 0) {
      const end = await this.#wait(waitMs, request);
      if (end === "other_call") {
        // Who has just hung up is not disturbed by who calls next.
        await sleep(50);
        if (!request.socket.destroyed) this.conflicts += 1;
        const description =
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
        return { code: 409, description };
      }
    }
    return { code: 200, result: [...this.#updates] };
  }

  /** Holds a call until there is something to tell, or another call takes its place. */
  async #wait(waitMs: number, request: IncomingMessage): Promise<"news" | "other_call"> {
    const { promise, resolve } = Promise.withResolvers<"news" | "other_call">();
    const timer = setTimeout(() => resolve("news"), waitMs);
    this.#poll = resolve;
    request.socket.once("close", () => resolve("news"));
    const end = await promise;
    clearTimeout(timer);
    if (this.#poll === resolve) this.#poll = null;
    return end;
  }

  #chatIdOf(chat: unknown): number | null {
    if (typeof chat === "number") return chat === 404 ? null : chat;
    if (typeof chat !== "string") return null;
    return /^-?\d+$/.test(chat) ? Number(chat) : (this.chatNames.get(chat) ?? null);
  }
}

export const anna = { id: 7, is_bot: false, first_name: "Anna", username: "anna" };

function chatOf(id: number): object {
  return { id, type: "supergroup", title: "Team" };
}

function send(response: ServerResponse, { code, description, result, retryAfter }: Reply): void {
  response.writeHead(code, { "content-type": "application/json" }).end(
    JSON.stringify(
      code === 200
        ? { ok: true, result }
        : {
            ok: false,
            error_code: code,
            description,
            ...(retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }),
          },
    ),
  );
}

/** What Telegram would say about a text: its length, and tags and escapes that it does not know. */
function findTextProblem(text: unknown): string | null {
  if (typeof text !== "string" || text === "") return "Bad Request: message text is empty";
  if (text.length > 4_096) return "Bad Request: message is too long";
  if (!text.isWellFormed()) return "Bad Request: strings must be encoded in UTF-8";
  const rest = text.replaceAll(/<(\/?)(?:b|i|code|blockquote|blockquote expandable)>/g, "");
  if (/[<>]/.test(rest)) return "Bad Request: can't parse entities: unsupported start tag";
  if (/&(?!(?:amp|lt|gt);)/.test(rest)) return "Bad Request: can't parse entities: bad escape";
  return null;
}

function buttonsOf(markup: unknown): ChatMessage["buttons"] {
  if (typeof markup !== "object" || markup === null || !("inline_keyboard" in markup)) return [];
  const { inline_keyboard: rows } = markup;
  if (!Array.isArray(rows)) return [];
  return rows.flat().map((button) => {
    const { text, callback_data: data } = Object(button);
    if (typeof data !== "string" || Buffer.byteLength(data) > 64 || data === "")
      throw new Error("Bad Request: BUTTON_DATA_INVALID");
    return { text: String(text), data };
  });
}
