import { listenOnLoopback } from "../rig/loopback.ts";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { MessageType } from "discord-api-types/v10";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { onTestFinished } from "vitest";

/** A request as it arrived. */
export interface ReceivedRequest {
  /** Without the version: `/channels/1/messages?limit=20`. */
  readonly path: string;
  readonly method: string;
  readonly authorization: string | null;
  readonly userAgent: string;
}

/** What a test makes of a request; nothing answered means that Discord's usual answer follows. */
export type ApiBehavior = (
  request: ReceivedRequest,
  response: ServerResponse,
) => "answered" | "usual";

/** A channel as Discord keeps it. */
export interface FakeChannel {
  readonly id: string;
  /** Null in a conversation of two. */
  readonly name: string | null;
  readonly guildId: string | null;
  readonly type?: number;
  readonly messages?: readonly APIMessage[];
  /** When the bot may not have it: Discord's status, number and sentence. */
  readonly refusal?: readonly [status: number, code: number, message: string];
  /** Discord then gives an empty list. */
  readonly mayReadHistory?: boolean;
}

export const BOT_TOKEN = "MTIzNDU2.GaBcDe.sEcReT-bot-token_0123456789";

/** A real HTTP server that answers as Discord's REST API does. */
export class DiscordApi {
  readonly #server: Server;
  #port = 0;
  readonly requests: ReceivedRequest[] = [];
  guilds: readonly { readonly id: string; readonly name: string }[] = [];
  channels: readonly FakeChannel[] = [];
  roles: readonly { readonly id: string; readonly name: string }[] = [];
  behave: ApiBehavior = () => "usual";

  private constructor() {
    this.#server = createServer((request, response) => this.#handle(request, response));
  }

  /** Starts one for a test, and stops it afterwards; a concurrent test has to say itself when that is. */
  static async start(
    whenFinished: (stop: () => Promise<void>) => void = onTestFinished,
  ): Promise<DiscordApi> {
    const api = new DiscordApi();
    api.#port = await listenOnLoopback(api.#server);
    whenFinished(() => api.stop());
    return api;
  }

  get root(): string {
    return `http://127.0.0.1:${this.#port}/api`;
  }

  /** Without the query. */
  get paths(): readonly string[] {
    return this.requests.map(({ path }) => path.split("?")[0] ?? "");
  }

  /** Breaks every connection and listens no more. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    const request: ReceivedRequest = {
      path: (incoming.url ?? "").replace(/^\/api\/v10/, ""),
      method: incoming.method ?? "",
      authorization: incoming.headers.authorization ?? null,
      userAgent: incoming.headers["user-agent"] ?? "",
    };
    this.requests.push(request);
    if (this.behave(request, response) === "usual") this.#answer(request, response);
  }

  #answer({ path, authorization }: ReceivedRequest, response: ServerResponse): void {
    const url = new URL(path, "http://discord");
    const [kind, id = "", what] = url.pathname.split("/").slice(1);
    if (authorization !== `Bot ${BOT_TOKEN}`) {
      refuse(response, 401, 0, "401: Unauthorized");
    } else if (kind === "users") {
      const after = url.searchParams.get("after") ?? "";
      const rest = this.guilds.filter((guild) => guild.id > after);
      sendJson(response, 200, rest.slice(0, Number(url.searchParams.get("limit") ?? 200)));
    } else if (kind === "guilds") {
      this.#answerGuild(id, what, response);
    } else if (kind === "channels") {
      this.#answerChannel(id, what, Number(url.searchParams.get("limit") ?? 50), response);
    } else refuse(response, 404, 0, "404: Not Found");
  }

  #answerGuild(id: string, what: string | undefined, response: ServerResponse): void {
    if (!this.guilds.some((guild) => guild.id === id)) {
      refuse(response, 404, 10004, "Unknown Guild");
    } else if (what === "roles") sendJson(response, 200, this.roles);
    else {
      const channels = this.channels.filter(({ guildId }) => guildId === id);
      sendJson(response, 200, channels.map(toApiChannel));
    }
  }

  #answerChannel(id: string, what: string | undefined, limit: number, res: ServerResponse): void {
    const channel = this.channels.find((one) => one.id === id);
    if (channel === undefined) refuse(res, 404, 10003, "Unknown Channel");
    else if (channel.refusal !== undefined) refuse(res, ...channel.refusal);
    else if (what === undefined) sendJson(res, 200, toApiChannel(channel));
    else {
      const messages = channel.mayReadHistory === false ? [] : (channel.messages ?? []);
      sendJson(res, 200, messages.toReversed().slice(0, limit));
    }
  }
}

function toApiChannel({ id, name, guildId, type = 0, messages = [] }: FakeChannel): object {
  const last = messages.at(-1)?.id ?? null;
  return {
    id,
    ...(name === null ? {} : { name }),
    ...(guildId === null ? {} : { guild_id: guildId }),
    type,
    last_message_id: last,
  };
}

/** Answers with JSON, as Discord does. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): "answered" {
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body));
  return "answered";
}

/** Answers with one of Discord's refusals. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
): "answered" {
  return sendJson(response, status, { message, code });
}

/** Asks the bot to wait. */
export function limitRate(response: ServerResponse, seconds: number, isGlobal = false): "answered" {
  return sendJson(
    response,
    429,
    { message: "You are being rate limited.", retry_after: seconds, global: isGlobal },
    {
      "retry-after": String(seconds),
      "x-ratelimit-scope": isGlobal ? "global" : "user",
      ...(isGlobal ? { "x-ratelimit-global": "true" } : {}),
    },
  );
}

/** A user of Discord. */
export function user(name: string, more: Partial<APIUser> = {}): APIUser {
  return {
    id: "300000000000000001",
    username: name.toLowerCase(),
    global_name: name,
    discriminator: "0",
    avatar: null,
    ...more,
  };
}

let written = 0;

/** A message as Discord gives it. */
export function messageOf(
  author: APIUser,
  content: string,
  more: Partial<APIMessage> = {},
): APIMessage {
  written += 1;
  return {
    id: String(400_000_000_000_000_000n + BigInt(written)),
    channel_id: "200000000000000001",
    author,
    content,
    timestamp: "2026-11-21T09:12:34.567000+00:00",
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    type: MessageType.Default,
    ...more,
  };
}
