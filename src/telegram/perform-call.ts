import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import { unreachable } from "../unreachable.ts";
import type { MessagePlace, QuestionBook } from "./asked-question.ts";
import type { BotFault } from "./bot-fault.ts";
import type { Bot, NewMessage } from "./bot.ts";
import type { KeptQuestion } from "./message-store.ts";
import type { NextCall } from "./next-call.ts";
import { outcomeText } from "./outcome-text.ts";
import type { Post } from "./post.ts";
import { closedQuestionMessage, questionMessage } from "./question-message.ts";
import type { RunStatus } from "./run-status.ts";
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
  readonly status: RunStatus | null;
  readonly statusMessageId: number | null;
  readonly result: () => string | null;
  /** The post whose turn it is. */
  readonly post: Post | null;
  readonly isClosed: (questionId: string) => boolean;
}

type Performed = Promise<Result<CallEffect, BotFault>>;

/** Makes one call. */
export async function performCall(call: Call, tools: CallTools): Performed {
  const { bot, signal, settings, status, statusMessageId } = tools;
  switch (call.kind) {
    case "send_status":
      return placed(await bot.send({ ...messageFor(settings, call.text), isSilent: true }, signal));
    case "edit_status": {
      if (statusMessageId === null) return success(nothing);
      const content = { html: call.text, buttons: [] };
      return done(await bot.edit(settings.chatId, statusMessageId, content, signal));
    }
    case "tell_outcome": {
      if (status === null) return success(nothing);
      const html = outcomeText(status, call.ending, tools.result());
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
      const content = closedQuestionMessage(asked.question, post.end);
      return done(await bot.edit(chatId, messageId, content, signal));
    }
    default:
      return unreachable(post);
  }
}

async function ask(
  { asked, chatId }: Extract<Post, { kind: "ask" }>,
  { bot, book, settings, signal, isClosed }: CallTools,
): Performed {
  const { question, proposal, key } = asked;
  if (isClosed(question.id)) return success(nothing);
  // Kept before it is sent: a button can be pressed before Telegram's answer to us is here.
  book.keep(asked);
  const message = {
    ...messageFor(settings, ""),
    ...questionMessage(question, proposal, key),
    // A topic belongs to its chat.
    ...(chatId === null ? {} : { chatId, threadId: null }),
  };
  const sent = await bot.send(message, signal);
  if (!sent.ok) return failure(sent.failure);
  book.keep({ ...asked, place: sent.value });
  return success({ messageId: null, asked: { questionId: question.id, key } });
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
