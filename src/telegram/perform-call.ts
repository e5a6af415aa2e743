import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { messageOf } from "../thrown.ts";
import { unreachable } from "../unreachable.ts";
import type { Asked, MessagePlace, QuestionBook } from "./asked-question.ts";
import { askingMessage, closedMessage } from "./asking-message.ts";
import type { BotFault } from "./bot-fault.ts";
import type { Bot, NewMessage } from "./bot.ts";
import type { KeptQuestion } from "./message-store.ts";
import type { NextCall } from "./next-call.ts";
import type { AskPost, Post } from "./post.ts";
import type { TelegramSettings } from "./settings.ts";

/** A call to Telegram that was decided on. */
export type Call = Extract<
  NextCall,
  { kind: "send_status" | "edit_status" | "post" | "tell_outcome" }
>;

/** What has to be remembered of a call that went well. */
export interface CallEffect {
  /** The message that was sent, or null when it need not be found again. */
  readonly messageId: number | null;
  readonly asked: KeptQuestion | null;
}

/** A call of which nothing has to be remembered. */
export const nothing: CallEffect = { messageId: null, asked: null };

/** What calls are made with. */
export interface CallTools {
  readonly bot: Bot;
  readonly settings: TelegramSettings;
  readonly book: QuestionBook;
  readonly signal: AbortSignal;
  readonly statusMessageId: number | null;
  /** The post whose turn it is. */
  readonly post: Post | null;
  readonly isClosed: (questionId: string) => boolean;
  readonly lookUp: LookUp;
}

/** What is to be asked, by the id of a question and under this key; null when there is no such question. */
export type LookUp = (questionId: string, key: string) => Asked | null;

type Performed = Promise<Result<CallEffect, BotFault>>;

/** Makes one call. */
export async function performCall(call: Call, tools: CallTools): Performed {
  const { bot, signal, settings, statusMessageId } = tools;
  switch (call.kind) {
    case "send_status":
      return placed(await bot.send({ ...messageFor(settings, call.text), isSilent: true }, signal));
    case "edit_status": {
      if (statusMessageId === null) return success(nothing);
      const content = { html: call.text, buttons: [] };
      return done(await bot.edit(settings.chatId, statusMessageId, content, signal));
    }
    case "tell_outcome": {
      const html = await call.ending.html();
      return done(await bot.send(messageFor(settings, html), signal));
    }
    case "post":
      return tools.post === null ? success(nothing) : performPost(tools.post, tools);
    default:
      return unreachable(call);
  }
}

async function performPost(post: Post, tools: CallTools): Performed {
  const { bot, book, signal, settings } = tools;
  switch (post.kind) {
    case "say":
      return done(await bot.send(messageFor(settings, post.html), signal));
    case "ask":
      return ask(post, tools);
    case "close_question": {
      const asked = book.byKey(post.key);
      if (asked === null || asked.place === null) return success(nothing);
      const { chatId, messageId } = asked.place;
      const content = closedMessage(asked, post.end);
      return done(await bot.edit(chatId, messageId, content, signal));
    }
    default:
      return unreachable(post);
  }
}

async function ask(
  { questionId, seq, key, address, note }: AskPost,
  { bot, book, signal, isClosed, lookUp }: CallTools,
): Performed {
  const asked = isClosed(questionId) ? null : lookUp(questionId, key);
  if (asked === null) return success(nothing);
  // Kept before it is sent: a button can be pressed before Telegram's answer to us is here.
  const unkept = keep(asked, book);
  if (unkept !== null) return failure(unkept);
  const { chatId, threadId } = address;
  const content = askingMessage(asked, address, note);
  const message = { ...content, chatId, threadId, isSilent: false, replyTo: null };
  const sent = await bot.send(message, signal);
  if (!sent.ok) return failure(sent.failure);
  const lost = keep({ ...asked, place: sent.value }, book);
  return lost === null
    ? success({ messageId: null, asked: { questionId, key, seq, chatId } })
    : failure(lost);
}

/** Without a place in the book nothing leads from a message back to its question. */
function keep(asked: Asked, book: QuestionBook): BotFault | null {
  try {
    book.keep(asked);
    return null;
  } catch (error) {
    const reason = messageOf(error);
    return { kind: "refused", reason: `the question can't be kept: ${reason}` };
  }
}

function messageFor({ chatId, threadId }: TelegramSettings, html: string): NewMessage {
  return { chatId, threadId, html, buttons: [], isSilent: false, replyTo: null };
}

function placed(sent: Result<MessagePlace, BotFault>): Result<CallEffect, BotFault> {
  return sent.ok ? success({ messageId: sent.value.messageId, asked: null }) : sent;
}

function done(result: Result<unknown, BotFault>): Result<CallEffect, BotFault> {
  return result.ok ? success(nothing) : result;
}
