import { isFields, numberIn } from "../json/fields.ts";
import type { Api } from "grammy";
import { describeConnectionError } from "../gateway/connection-words.ts";
import type { Result } from "../failure.ts";
import { failure, success } from "../failure.ts";
import { Turnstile } from "../turnstile.ts";
import type { MessagePlace } from "./asked-question.ts";
import { classifyBotError } from "./bot-fault.ts";
import type { BotFault } from "./bot-fault.ts";
import type { BotUpdate } from "./incoming.ts";
import type { MessageContent } from "./question-message.ts";
import type { ChatId, TelegramSettings } from "./settings.ts";

/** A message to be sent. */
export interface NewMessage extends MessageContent {
  readonly chatId: ChatId;
  readonly threadId: number | null;
  /** Whether phones stay quiet. */
  readonly isSilent: boolean;
  /** The message that this one replies to, or null. */
  readonly replyTo: number | null;
}

/** How long a call may take, in milliseconds. */
export const CALL_TIMEOUT_MS = 20_000;

/** How many messages may be on their way at once: a worker may have a thousand flow runs to tell of. */
const MOST_AT_ONCE = 4;

type CallSignal = NonNullable<Parameters<Api["getMe"]>[0]>;

/** One bot's calls to the Bot API. Errors are values, and none of them holds the token. */
export class Bot {
  readonly #settings: TelegramSettings;
  readonly #api: Api;
  readonly #timeoutMs: number;
  readonly #turnstile = new Turnstile(MOST_AT_ONCE);
  /** Telegram's pause holds for all who call in its name; receiving is counted apart. */
  #pausedUntilMs = 0;

  private constructor(settings: TelegramSettings, api: Api, timeoutMs: number) {
    this.#settings = settings;
    this.#api = api;
    this.#timeoutMs = timeoutMs;
  }

  /** A bot that is ready to call; the library is loaded here and nowhere else. */
  static async open(settings: TelegramSettings, timeoutMs = CALL_TIMEOUT_MS): Promise<Bot> {
    const { Api: WebApi } = await import("./web-api.ts");
    const apiRoot = settings.apiRoot.replace(/\/+$/, "");
    return new Bot(settings, new WebApi(settings.token.reveal(), { apiRoot }), timeoutMs);
  }

  async send(message: NewMessage, signal: AbortSignal): Promise<Result<MessagePlace, BotFault>> {
    const { chatId, threadId, isSilent, replyTo, html } = message;
    const sent = await this.#callInTurn(signal, (callSignal) =>
      this.#api.sendMessage(
        chatId,
        this.#settings.token.redact(html),
        {
          ...formatting,
          ...keyboardOf(message),
          ...(threadId === null ? {} : { message_thread_id: threadId }),
          ...(isSilent ? { disable_notification: true } : {}),
          ...(replyTo === null
            ? {}
            : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
        },
        callSignal,
      ),
    );
    return sent.ok
      ? success({ chatId: sent.value.chat.id, messageId: sent.value.message_id })
      : sent;
  }

  /** Gives a message another text and other buttons; that it is so already is fine. */
  async edit(
    chatId: ChatId,
    messageId: number,
    content: MessageContent,
    signal: AbortSignal,
  ): Promise<Result<null, BotFault>> {
    const edited = await this.#callInTurn(signal, (callSignal) =>
      this.#api.editMessageText(
        chatId,
        messageId,
        this.#settings.token.redact(content.html),
        { ...formatting, ...keyboardOf(content) },
        callSignal,
      ),
    );
    return edited.ok || edited.failure.kind === "not_modified" ? success(null) : edited;
  }

  /** Tells the person who pressed a button what came of it. */
  answerPress(
    callbackId: string,
    text: string,
    isAlert: boolean,
    signal: AbortSignal,
  ): Promise<Result<true, BotFault>> {
    return this.#call(this.#timeoutMs, signal, (callSignal) =>
      this.#api.answerCallbackQuery(callbackId, { text, show_alert: isAlert }, callSignal),
    );
  }

  /** What people wrote and pressed from this offset on, which confirms all before it; waits so many seconds for the first. */
  updates(
    offset: number,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<Result<readonly BotUpdate[], BotFault>> {
    return this.#call(
      waitSeconds * 1_000 + this.#timeoutMs,
      signal,
      (callSignal) =>
        this.#api.getUpdates(
          { offset, timeout: waitSeconds, allowed_updates: ["message", "callback_query"] },
          callSignal,
        ),
      false,
    );
  }

  async #callInTurn<T>(
    signal: AbortSignal,
    call: (signal: CallSignal) => Promise<T>,
  ): Promise<Result<T, BotFault>> {
    const leave = await this.#turnstile.enter();
    try {
      return await this.#call(this.#timeoutMs, signal, call);
    } finally {
      leave();
    }
  }

  async #call<T>(
    timeoutMs: number,
    signal: AbortSignal,
    call: (signal: CallSignal) => Promise<T>,
    isPausable = true,
  ): Promise<Result<T, BotFault>> {
    const pauseMs = isPausable ? this.#pausedUntilMs - performance.now() : 0;
    if (pauseMs > 0)
      return failure({ kind: "limited", retryAfterMs: pauseMs, reason: "Telegram asked to wait" });
    const limit = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, limit]);
    if (!isCallSignal(either)) throw new TypeError("signals have no listeners");
    try {
      return success(await call(either));
    } catch (error) {
      const fault: BotFault = limit.aborted
        ? { kind: "unavailable", reason: `no answer within ${timeoutMs / 1_000} s` }
        : faultOf(error);
      if (isPausable && fault.kind === "limited")
        this.#pausedUntilMs = performance.now() + fault.retryAfterMs;
      return failure({ ...fault, reason: this.#settings.token.redact(fault.reason) });
    }
  }
}

const formatting = { parse_mode: "HTML", link_preview_options: { is_disabled: true } } as const;

function keyboardOf({ buttons }: MessageContent): {
  readonly reply_markup?: { inline_keyboard: { text: string; callback_data: string }[][] };
} {
  if (buttons.length === 0) return {};
  const rows = buttons.map(({ text, data }) => [{ text, callback_data: data }]);
  return { reply_markup: { inline_keyboard: rows } };
}

/** The library's types name another signal than Node's; what it needs of one is that it can be listened to. */
function isCallSignal(signal: AbortSignal): signal is AbortSignal & CallSignal {
  return typeof signal.addEventListener === "function";
}

function faultOf(error: unknown): BotFault {
  if (!(error instanceof Error)) return { kind: "unavailable", reason: String(error) };
  if (!("error_code" in error) || typeof error.error_code !== "number")
    return { kind: "unavailable", reason: describeNetworkError(error) };
  const { description, parameters } = Object(error);
  const fields = isFields(parameters) ? parameters : {};
  return classifyBotError({
    code: error.error_code,
    description: typeof description === "string" ? description : "",
    retryAfterSeconds: numberIn(fields, "retry_after"),
    movedToChatId: numberIn(fields, "migrate_to_chat_id"),
  });
}

/** The innermost cause is the one that says something; the outer ones say "fetch failed". */
function describeNetworkError(error: Error): string {
  const inner = "error" in error && error.error instanceof Error ? error.error : error.cause;
  if (inner instanceof Error) return describeNetworkError(inner);
  if (error instanceof SyntaxError) return "the answer is not the Bot API's";
  return describeConnectionError(error);
}
