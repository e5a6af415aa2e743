import type { MessagePlace } from "./asked-question.ts";
import type { ChatId } from "./settings.ts";

interface Person {
  readonly id: number;
  readonly first_name: string;
  readonly username?: string | undefined;
}

interface Chat {
  readonly id: number;
  readonly title?: string | undefined;
  readonly username?: string | undefined;
}

interface Message {
  readonly message_id: number;
  readonly chat: Chat;
  readonly from?: Person | undefined;
  /** The chat in whose name somebody wrote. */
  readonly sender_chat?: Chat | undefined;
  readonly text?: string | undefined;
  readonly caption?: string | undefined;
  readonly is_topic_message?: boolean | undefined;
  readonly message_thread_id?: number | undefined;
  readonly reply_to_message?: { readonly message_id: number } | undefined;
}

/** An update as the Bot API gives it, as far as it can be an answer. */
export interface BotUpdate {
  readonly update_id: number;
  readonly message?: Message | undefined;
  readonly callback_query?:
    | {
        readonly id: string;
        readonly from: Person;
        readonly data?: string | undefined;
        readonly message?: { readonly chat: Chat } | undefined;
      }
    | undefined;
}

/** The chat from which something came. */
export interface SourceChat {
  readonly id: number;
  readonly username: string | null;
}

/** What people did in Telegram. */
export type Incoming =
  | {
      readonly kind: "pressed";
      readonly callbackId: string;
      readonly data: string;
      readonly chat: SourceChat | null;
      readonly by: string;
    }
  | {
      readonly kind: "replied";
      readonly chat: SourceChat;
      /** The message that was replied to. */
      readonly to: MessagePlace;
      readonly messageId: number;
      readonly threadId: number | null;
      /** Null when it was no text, such as a sticker. */
      readonly text: string | null;
      readonly by: string;
    }
  | { readonly kind: "other" };

/** What an update from Telegram says, as far as it can be an answer. */
export function readUpdate(update: BotUpdate): Incoming {
  const { callback_query: press, message } = update;
  if (press !== undefined)
    return {
      kind: "pressed",
      callbackId: press.id,
      data: press.data ?? "",
      chat: press.message === undefined ? null : chatOf(press.message.chat),
      by: nameOf(press.from),
    };
  if (message?.reply_to_message === undefined) return { kind: "other" };
  return {
    kind: "replied",
    chat: chatOf(message.chat),
    to: { chatId: message.chat.id, messageId: message.reply_to_message.message_id },
    messageId: message.message_id,
    threadId: message.is_topic_message === true ? (message.message_thread_id ?? null) : null,
    text: message.text ?? message.caption ?? null,
    by: authorOf(message),
  };
}

/** Whether answers are taken from a chat; one that Telegram does not name is not. */
export function isAllowed(chat: SourceChat | null, allowedChats: readonly ChatId[]): boolean {
  if (chat === null) return false;
  const names = new Set([String(chat.id), `@${chat.username ?? ""}`.toLowerCase()]);
  return allowedChats.some((allowed) => names.has(String(allowed).toLowerCase()));
}

/** Whether a list of chats, as somebody wrote it down, has this one, in the same words. */
export function isListed(chat: ChatId, list: readonly ChatId[]): boolean {
  return list.some((one) => String(one).toLowerCase() === String(chat).toLowerCase());
}

function chatOf({ id, username }: Chat): SourceChat {
  return { id, username: username ?? null };
}

/** Somebody who writes in a chat's own name has no other. */
function authorOf(message: Message): string {
  const { sender_chat: chat, from } = message;
  if (chat !== undefined) return `${chat.title ?? "chat"} (${chat.id})`;
  return from === undefined ? "somebody" : nameOf(from);
}

/** A first name can be anything, also somebody else's `@name`; the number can't. */
function nameOf({ id, first_name, username }: Person): string {
  return username === undefined ? `${first_name.replaceAll(/\s+/g, " ")} (${id})` : `@${username}`;
}
